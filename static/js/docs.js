"use strict";
window.SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null, // nothing is sent to anybody
  requestInterceptor: (request) => ({ ...request, credentials: "same-origin" }),
});
