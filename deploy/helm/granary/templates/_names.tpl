{{- define "granary.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if .Values.fullnameOverride }}{{ .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- else if contains $name .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}{{ printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" }}{{ end }}
{{- end }}

{{/* What never changes over upgrades: selectors cannot. Called with (list $ component). */}}
{{- define "granary.selector" -}}
{{- $top := index . 0 -}}
app.kubernetes.io/name: {{ default $top.Chart.Name $top.Values.nameOverride }}
app.kubernetes.io/instance: {{ $top.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- define "granary.labels" -}}
{{- $top := index . 0 -}}
{{ include "granary.selector" . }}
app.kubernetes.io/version: {{ $top.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $top.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $top.Chart.Name $top.Chart.Version | replace "+" "_" }}
{{- with $top.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Of pods: nothing that changes with the chart alone, or each upgrade would restart them. */}}
{{- define "granary.podLabels" -}}
{{ include "granary.selector" . }}
{{- with (index . 0).Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* name and labels of an object; called with (list $ component suffix). */}}
{{- define "granary.metadata" -}}
{{- $top := index . 0 -}}
name: {{ include "granary.fullname" $top }}{{ index . 2 }}
namespace: {{ $top.Release.Namespace }}
labels: {{- include "granary.labels" (list $top (index . 1)) | nindent 2 }}
{{- end }}

{{/* Called with (list image defaultTag). */}}
{{- define "granary.image" -}}
{{- $image := index . 0 -}}
{{- if $image.digest }}{{ $image.repository }}@{{ $image.digest }}{{ else }}{{ $image.repository }}:{{ default (index . 1) $image.tag }}{{ end }}
{{- end }}

{{- define "granary.serviceAccount" -}}
{{- default (ternary (include "granary.fullname" .) "default" .Values.serviceAccount.create) .Values.serviceAccount.name }}
{{- end }}

{{- define "granary.adminSecret" -}}
name: {{ default (include "granary.fullname" .) .Values.admin.existingSecret }}
key: {{ ternary .Values.admin.existingSecretKey "admin-token" (ne .Values.admin.existingSecret "") }}
{{- end }}

{{- define "granary.redisSecret" -}}
name: {{ default (include "granary.fullname" .) .Values.redis.existingSecret }}
key: {{ ternary .Values.redis.existingSecretKey "redis-password" (ne .Values.redis.existingSecret "") }}
{{- end }}

{{- define "granary.memberSecret" -}}
{{- default (printf "%s-members" (include "granary.fullname" .)) .Values.cluster.tls.existingSecret }}
{{- end }}

{{/* The name by which requests of helm test are told from others. */}}
{{- define "granary.testHost" -}}
{{ include "granary.fullname" . }}-test.{{ .Release.Namespace }}.invalid
{{- end }}

{{/* A list or a map that may not be empty. Called with (list message value). */}}
{{- define "granary.given" -}}
{{- if not (index . 1) }}{{ fail (index . 0) }}{{ end -}}
{{- toYaml (index . 1) -}}
{{- end }}
