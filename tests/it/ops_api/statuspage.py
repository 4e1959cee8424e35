"""Drives an unmodified client of Statuspage: creates, updates and resolves an incident."""

import json
import sys

import atlassian_statuspage as sp

host, token, page = sys.argv[1:]
configuration = sp.Configuration()
configuration.host = host + "/v1"
configuration.api_key["Authorization"] = token
configuration.api_key_prefix["Authorization"] = "OAuth"
client = sp.ApiClient(configuration)
incidents = sp.IncidentsApi(client)
components = sp.ComponentsApi(client)

parts = components.get_pages_page_id_components(page)
api = next(part for part in parts if part.name == "API")
made = incidents.post_pages_page_id_incidents(
    sp.PostPagesPageIdIncidents(
        incident={
            "name": "Rolls fail",
            "status": "investigating",
            "impact_override": "critical",
            "body": "We look.",
            "components": {api.id: "major_outage"},
            "component_ids": [api.id],
        }
    ),
    page,
)
unresolved = incidents.get_pages_page_id_incidents_unresolved(page)
during = components.get_pages_page_id_components_component_id(page, api.id).status
updated = incidents.patch_pages_page_id_incidents_incident_id(
    sp.PatchPagesPageIdIncidents(incident={"status": "identified", "body": "The cache."}),
    page,
    made.id,
)
resolved = incidents.patch_pages_page_id_incidents_incident_id(
    sp.PatchPagesPageIdIncidents(incident={"status": "resolved", "body": "Well."}),
    page,
    made.id,
)
held = components.patch_pages_page_id_components_component_id(
    sp.PatchPagesPageIdComponents(component={"status": "partial_outage"}), page, api.id
).status
let_go = components.patch_pages_page_id_components_component_id(
    sp.PatchPagesPageIdComponents(component={"status": "operational"}), page, api.id
).status
print(
    json.dumps(
        {
            "made": [made.name, made.status, made.impact],
            "unresolved": [one.id == made.id for one in unresolved],
            "during": during,
            "updated": [updated.status, updated.incident_updates[0].body],
            "resolved": [resolved.status, resolved.resolved_at is not None],
            "held": held,
            "let go": let_go,
            "id": resolved.id == made.id,
        }
    )
)
