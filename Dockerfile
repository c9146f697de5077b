# The service without any model: talk to a model server beside it (compose.yaml).
FROM python:3.12-slim AS build
WORKDIR /app
COPY pyproject.toml constraints.txt README.md LICENSE pytest_isogloss.py ./
COPY glossary glossary
COPY prompts prompts
COPY eval eval
COPY service service
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir -c constraints.txt ".[ui,postgres]"

FROM python:3.12-slim
RUN useradd --create-home --uid 10001 isogloss
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 ISOGLOSS_HOST=0.0.0.0
USER isogloss
WORKDIR /home/isogloss
# The database of the glossaries (ISOGLOSS_DATABASE).
RUN mkdir data
VOLUME /home/isogloss/data
EXPOSE 8420
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8420/healthz', timeout=2)"]
CMD ["isogloss", "serve"]
