"""The software bill of materials of the binary, in the format CycloneDX 1.5."""

from typing import Any

from crates import Package, checksums, linked


def sbom() -> dict[str, Any]:
    """Returns the document, which is the same for the same Cargo.lock."""
    root, packages, edges = linked()
    hashes = checksums()
    references = {package["id"]: purl(package) for package in [root, *packages]}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", **component(root)}},
        "components": [
            {"type": "library", **component(package), "hashes": [{"alg": "SHA-256", "content": hashes[name_and_version(package)]}]}
            for package in packages
        ],
        "dependencies": [
            {"ref": references[package], "dependsOn": [references[dependency] for dependency in dependencies]}
            for package, dependencies in sorted(edges.items(), key=lambda edge: references[edge[0]])
        ],
    }


def component(package: Package) -> dict[str, Any]:
    fields = {
        "bom-ref": purl(package),
        "name": package["name"],
        "version": package["version"],
        "purl": purl(package),
    }
    if package["license"]:
        # Some crates separate alternatives with the older slash.
        fields["licenses"] = [{"expression": package["license"].replace("/", " OR ")}]
    if package["repository"]:
        fields["externalReferences"] = [{"type": "vcs", "url": package["repository"]}]
    return fields


def purl(package: Package) -> str:
    return f"pkg:cargo/{package['name']}@{package['version']}"


def name_and_version(package: Package) -> tuple[str, str]:
    return package["name"], package["version"]
