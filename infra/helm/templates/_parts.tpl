{{/* The labels that select the pods: those of infra/kubernetes. */}}
{{- define "healthz.selector" -}}
app.kubernetes.io/name: {{ .Values.name | quote }}
{{- end }}

{{- define "healthz.labels" -}}
{{ include "healthz.selector" . }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{/* Whether one node mounts the volume of the history. */}}
{{- define "healthz.ofOneNode" -}}
{{- if and .Values.history.enabled (ne .Values.history.accessMode "ReadWriteMany") }}yes{{ end }}
{{- end }}

{{- define "healthz.replicas" -}}
{{- .Values.replicas | default (ternary 1 2 (eq (include "healthz.ofOneNode" .) "yes")) | int }}
{{- end }}

{{- define "healthz.image" -}}
{{- with .Values.image -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end }}
{{- end }}

{{/* What the schema cannot say, or would say with the value of a secret in it. */}}
{{- define "healthz.check" -}}
{{- if and (include "healthz.ofOneNode" .) (gt (include "healthz.replicas" . | int) 1) }}
  {{- fail "replicas must be 1 with history.accessMode ReadWriteOnce or ReadWriteOncePod: one node mounts the volume. Use ReadWriteMany." }}
{{- end }}
{{- if and (or .Values.metrics.serviceMonitor .Values.metrics.prometheusRule) (not .Values.metrics.enabled) }}
  {{- fail "metrics.enabled must be true for metrics.serviceMonitor and metrics.prometheusRule: they are about what it opens." }}
{{- end }}
{{- range .Values.keys.values }}
  {{- if not (regexMatch "^[^,\\s]{16,}$" .) }}
    {{- fail "keys.values must be keys of 16 characters or more, without commas and blanks: openssl rand -hex 20 makes one." }}
  {{- end }}
{{- end }}
{{- range $name, $value := .Values.settings }}
  {{- if eq (upper $name) "ENABLE_HEALTHZ_ENDPOINT" }}
    {{- fail (printf "settings.%s must not be there: the chart sets it." $name) }}
  {{- end }}
  {{- if has (lower $name) (list "healthz__schedule" "healthz_schedule") }}
    {{- fail (printf "settings.%s must not be there: set schedule." $name) }}
  {{- end }}
  {{- if and $.Values.history.enabled (hasPrefix "healthz__history__" (lower $name)) (ne (lower $name) "healthz__history__retentiondays") }}
    {{- fail (printf "settings.%s must not be there with history.enabled: a history has one place." $name) }}
  {{- end }}
  {{- if or (regexMatch "(?i)(password|secret|secret_?key|access_?key|_keys|connection_?string|headers)$" $name)
      (regexMatch "(?i)((password|pwd|accountkey|sharedaccesssignature)\\s*=|://[^/]*@)" (toString $value)) }}
    {{- fail (printf "settings.%s must be in the Secret %s instead: who may read pods can read settings." $name $.Values.keys.secret) }}
  {{- end }}
{{- end }}
{{- end }}
