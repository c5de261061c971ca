{{/* What edges and silos have in common. */}}
{{- define "granary.env" -}}
{{- $top := index . 0 -}}
{{- $role := index . 1 -}}
{{- $redis := $top.Values.redis -}}
{{- $external := $redis.external -}}
{{- if $redis.enabled }}
- name: REDIS_PASSWORD
  valueFrom: {secretKeyRef: {{ include "granary.redisSecret" $top | fromYaml | toJson }}}
- name: Granary__Cluster__Redis
  value: {{ printf "%s-redis:%d,password=$(REDIS_PASSWORD)" (include "granary.fullname" $top) (int $redis.port) }}
{{- else if $external.connectionStringKey }}
- name: Granary__Cluster__Redis
  valueFrom: {secretKeyRef: {name: {{ required "redis.external.existingSecret: the Secret with the connection string" $external.existingSecret }}, key: {{ $external.connectionStringKey }}}}
{{- else }}
{{- if $external.existingSecret }}
- name: REDIS_PASSWORD
  valueFrom: {secretKeyRef: {name: {{ $external.existingSecret }}, key: {{ $external.passwordKey }}}}
{{- end }}
- name: Granary__Cluster__Redis
  value: {{ printf "%s:%d%s%s" (required "redis.external.host: where Redis is, since redis.enabled is false" $external.host) (int $external.port) (ternary ",password=$(REDIS_PASSWORD)" "" (ne $external.existingSecret "")) (ternary (printf ",%s" $external.options) "" (ne $external.options "")) | quote }}
{{- end }}
- name: Granary__Admin__Token
  valueFrom: {secretKeyRef: {{ include "granary.adminSecret" $top | fromYaml | toJson }}}
{{- if and $role.resources.limits $role.resources.limits.memory }}
- name: DOTNET_GCHeapHardLimitPercent
  value: {{ printf "0x%X" (int $role.memory.gcPercent) | quote }}
{{- end }}
- name: DOTNET_EnableDiagnostics
  value: {{ ternary "1" "0" $top.Values.diagnostics | quote }}
{{- end }}

{{- define "granary.placement" -}}
{{- $top := index . 0 -}}
{{- $role := index . 1 -}}
{{- with $role.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $role.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $role.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $role.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}

{{- define "granary.spread" -}}
{{- $role := index . 1 -}}
topologySpreadConstraints:
{{- if $role.topologySpreadConstraints }}
{{ toYaml $role.topologySpreadConstraints | indent 2 }}
{{- else }}
{{- $top := index . 0 }}
{{- $component := index . 2 }}
{{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - topologyKey: {{ . }}
    maxSkew: 1
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "granary.selector" (list $top $component) | nindent 8 }}
{{- end }}
{{- end }}
{{- end }}

{{- define "granary.pod" -}}
serviceAccountName: {{ include "granary.serviceAccount" . }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
securityContext: {{- toYaml .Values.podSecurityContext | nindent 2 }}
{{- end }}

{{- define "granary.liveness" -}}
livenessProbe: # local only: being restarted does not help a process that waits for others
  httpGet: {path: /health/live, port: admin}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
{{- end }}

{{- define "granary.memberVolume" -}}
{{- if .Values.cluster.tls.enabled }}
{{- if not (or .Values.cluster.tls.existingSecret .Values.cluster.tls.certManager.enabled) }}{{ fail "cluster.tls.enabled needs cluster.tls.existingSecret or cluster.tls.certManager.enabled" }}{{ end }}
- name: members
  secret: {secretName: {{ include "granary.memberSecret" . }}, defaultMode: 288}
{{- end }}
{{- end }}

{{- define "granary.podAnnotations" -}}
{{- $top := index . 0 -}}
{{- if eq $top.Values.configChanges "Roll" }}
checksum/config: {{ include "granary.checksum" (index . 1) }}
{{- end }}
{{- with (index . 2).podAnnotations }}
{{ toYaml . }}
{{- end }}
{{- end }}
