# Footnote in one image; docker-compose.yml starts it as two services beside a Chroma server.
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /app

# uv knows the index of CPU builds by itself, so the image carries no CUDA
RUN pip install --no-cache-dir uv
COPY requirements.lock pyproject.toml README.md ./
RUN UV_TORCH_BACKEND=cpu uv pip install --system --no-cache -r requirements.lock
COPY ingest ingest
COPY bot bot
RUN uv pip install --system --no-cache --no-deps . \
    && useradd --create-home --uid 10001 footnote \
    && mkdir -p /library /reports \
    && chown footnote /library

USER footnote
ENV LIBRARY_DIR=/library REPORTS_DIR=/reports
CMD ["python", "-m", "bot"]
