"""A typical fake of the access-group API for tests. GROUPS is the path of a JSON file with the initial groups."""

import json
import os
import uuid
from datetime import datetime, timezone
from pathlib import Path

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()
groups: dict[str, dict] = {group["id"]: group for group in json.loads(Path(os.environ["GROUPS"]).read_text())}


class NewGroup(BaseModel):
    name: str
    include: list[dict]
    exclude: list[dict] = []
    require: list[dict] = []


def envelope(result: object, **more: object) -> dict:
    return {"errors": [], "messages": [], "result": result, "success": True, **more}


@app.get("/accounts/{account}/access/groups")
async def list_groups(account: str, page: int = 1, per_page: int = 20) -> dict:
    found = list(groups.values())
    shown = found[(page - 1) * per_page:page * per_page]
    return envelope(shown, result_info={"page": page, "per_page": per_page, "total_count": len(found)})


@app.post("/accounts/{account}/access/groups", status_code=201)
async def create_group(account: str, new: NewGroup) -> dict:
    now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    key = str(uuid.uuid4())
    groups[key] = {"id": key, "uid": key, "is_default": [], **new.model_dump(), "created_at": now, "updated_at": now}
    return envelope(groups[key])


@app.get("/accounts/{account}/access/groups/{key}")
async def get_group(account: str, key: str) -> dict:
    if key not in groups:
        raise HTTPException(404)
    return envelope(groups[key])
