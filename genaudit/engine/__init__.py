"""From a request to a run folder: plan, probes, metrics, audits, record, reports."""
