# PyTorch's CPU builds: docker build --build-arg PIP_EXTRA_INDEX_URL=<PyTorch's CPU index> .
FROM python:3.11-slim

ARG PIP_EXTRA_INDEX_URL=""
WORKDIR /srv
COPY constraints.txt pyproject.toml README.md LICENSE THIRD_PARTY.md ./
COPY app app
COPY static static
COPY templates templates
RUN PIP_EXTRA_INDEX_URL="$PIP_EXTRA_INDEX_URL" pip install --no-cache-dir -c constraints.txt . \
    && useradd --create-home --uid 1000 visitor && mkdir /data && chown visitor /data

USER visitor
VOLUME /data
EXPOSE 5555
CMD ["fivebyfive", "--host", "0.0.0.0", "--data", "/data"]
