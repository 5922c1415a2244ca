# docker build -t fivebyfive . && docker run -p 5555:5555 -v fivebyfive:/data fivebyfive
# PyTorch's CPU builds, which are smaller: docker build --build-arg PIP_EXTRA_INDEX_URL=<PyTorch's CPU index> .
FROM python:3.11-slim AS wheel

WORKDIR /src
COPY constraints.txt pyproject.toml README.md LICENSE THIRD_PARTY.md ./
RUN pip install --no-cache-dir -c constraints.txt hatchling
COPY app app
COPY static static
COPY templates templates
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /wheel .

FROM python:3.11-slim

ARG PIP_EXTRA_INDEX_URL=""
COPY constraints.txt /tmp/
COPY --from=wheel /wheel /tmp/wheel
RUN pip install --no-cache-dir -c /tmp/constraints.txt "$(echo /tmp/wheel/*.whl)[redis,metrics]" \
    && useradd --create-home --uid 1000 visitor && mkdir /data && chown visitor /data

# Each option of the command line, as the environment names it: docker run -e FIVEBYFIVE_WORKERS=4 …
ENV FIVEBYFIVE_HOST=0.0.0.0 FIVEBYFIVE_PORT=5555 FIVEBYFIVE_DATA=/data FIVEBYFIVE_WORKERS=1
USER 1000
VOLUME /data
EXPOSE 5555
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:5555/healthz', timeout=4)"]
CMD ["fivebyfive"]
