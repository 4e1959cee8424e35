"""Lints and renders the Helm chart with Helm's own code, and validates the result."""

import pathlib
import sys

import helm_python as helm
import kubernetes_validate
import yaml

CHART = "deploy/helm/critwatch"
PLAIN = pathlib.Path("deploy/kubernetes/critwatch.yaml")
VERSIONS = ["1.25", "1.34"]
HEAD = """\
# The Helm chart rendered with its default values; scripts/manifests writes this file.
# Before you apply it, edit `image` in the StatefulSet (no registry has an image of this
# name) and `alerts.toml` in the ConfigMap.
#
#   kubectl create namespace critwatch
#   kubectl -n critwatch apply -f critwatch.yaml
"""
# Every part that is off by default.
FULL = """
environmentSecret: variables
secretFiles: files
push: {enabled: true}
ingress: {enabled: true, className: nginx, annotations: {a: b}, host: status.example.com, tlsSecret: tls}
serviceMonitor: {enabled: true, labels: {team: a}}
imagePullSecrets: [{name: pull}]
podAnnotations: {a: b}
nodeSelector: {disk: ssd}
tolerations: [{key: a, operator: Exists}]
persistence: {storageClass: fast}
"""
NO_DISK = "persistence: {enabled: false}"


def render(values):
    """The manifests of the chart, in the order of their files."""
    with helm.Chart.load(CHART) as chart:
        files = chart.render(yaml.safe_load(values), name="critwatch", namespace="critwatch")
    parts = [text.strip() for name, text in sorted(files.items()) if name.endswith(".yaml")]
    return "\n---\n".join(part for part in parts if part) + "\n"


def validate(text):
    kinds = []
    for one in yaml.safe_load_all(text):
        if one is None:
            continue
        kinds.append(one["kind"])
        # The schema of this kind comes with the Prometheus operator.
        if one["kind"] != "ServiceMonitor":
            for version in VERSIONS:
                kubernetes_validate.validate(one, version, strict=True)
    return kinds


def lint(values):
    report = helm.lint(CHART, yaml.safe_load(values), strict=True, quiet=True)
    faults = [one for one in report["messages"] if one["severity"] >= 2]
    if faults or report["errors"]:
        sys.exit(f"helm lint: {faults} {report['errors']}")


def main():
    for values in ["{}", FULL, NO_DISK]:
        lint(values)
        kinds = validate(render(values))
        if values == FULL and not {"Ingress", "ServiceMonitor"} <= set(kinds):
            sys.exit(f"the chart makes only {kinds}")
    plain = HEAD + render("{}").replace("managed-by: Helm", "managed-by: kubectl")
    if "--write" in sys.argv:
        PLAIN.write_text(plain)
    elif PLAIN.read_text() != plain:
        sys.exit(f"{PLAIN} is not what the chart makes; run `scripts/manifests --write`")


main()
