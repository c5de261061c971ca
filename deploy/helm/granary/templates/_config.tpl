{{/* The part of the configuration that members of one cluster have in common. */}}
{{- define "granary.clusterConfig" -}}
Id: {{ default (printf "%s.%s" .Release.Namespace (include "granary.fullname" .)) .Values.cluster.id }}
{{- if .Values.cluster.tls.enabled }}
Tls:
  Certificate: /etc/granary/members/tls.crt
  Key: /etc/granary/members/tls.key
  Authority: /etc/granary/members/ca.crt
{{- end }}
{{- end }}

{{/* The configuration file of edges. Ports and paths are the chart's, and what values say goes over them. */}}
{{- define "granary.edgeConfig" -}}
{{- $edge := .Values.edge -}}
{{- $granary := dict "Listen" (list (printf "http://*:%d" (int $edge.ports.http))) "Admin" (dict "Listen" (printf "http://*:%d" (int $edge.ports.admin))) "Cluster" (include "granary.clusterConfig" . | fromYaml) -}}
{{- with include "granary.share" (list $edge.resources $edge.memory.leasesPercent) }}{{ $_ := set $granary "Leases" (dict "MemoryLimit" (printf "%sB" .)) }}{{ end -}}
{{- if $edge.tls.enabled -}}
{{- $certificates := list -}}
{{- range include "granary.edgeCertificates" . | fromYamlArray -}}
{{- $one := dict "Certificate" (printf "/etc/granary/tls/%s/tls.crt" .secretName) "Key" (printf "/etc/granary/tls/%s/tls.key" .secretName) -}}
{{- with .hosts }}{{ $_ := set $one "Hosts" . }}{{ end -}}
{{- $certificates = append $certificates $one -}}
{{- end -}}
{{- $redirected := $granary.Listen -}}
{{- $_ := set $granary "Listen" (append $granary.Listen (printf "https://*:%d" (int $edge.ports.https))) -}}
{{- if include "granary.plain" . }}{{ $_ := set $granary "Listen" (append $granary.Listen (printf "http://*:%d" (int $edge.ports.plain))) }}{{ end -}}
{{- $tls := dict "Certificates" $certificates -}}
{{- if $edge.tls.redirectHttp }}{{ $_ := set $tls "RedirectFrom" $redirected }}{{ $_ := set $tls "RedirectPort" (int $edge.service.httpsPort) }}{{ end -}}
{{- $_ := set $granary "Tls" $tls -}}
{{- end -}}
{{- $file := dict "Granary" $granary "ReverseProxy" (include "granary.routes" . | fromYaml) -}}
{{- mustMergeOverwrite $file (deepCopy .Values.config) (deepCopy $edge.config) | toPrettyJson -}}
{{- end }}

{{/* Whether helm test needs a listener of its own: its wget speaks no TLS. */}}
{{- define "granary.plain" -}}
{{- if and .Values.test.enabled .Values.edge.tls.enabled .Values.edge.tls.redirectHttp }}true{{ end -}}
{{- end }}

{{- define "granary.edgeCertificates" -}}
{{- $certificates := .Values.edge.tls.certificates -}}
{{- if .Values.edge.tls.certManager.enabled }}{{ $certificates = append $certificates (dict "secretName" (printf "%s-edge-tls" (include "granary.fullname" .))) }}{{ end -}}
{{- if not $certificates }}{{ fail "edge.tls.enabled needs edge.tls.certificates or edge.tls.certManager.enabled" }}{{ end -}}
{{ toYaml $certificates }}
{{- end }}

{{/* YARP's section: the routes of values, the origin behind all of them, and that of helm test. */}}
{{- define "granary.routes" -}}
{{- $routes := deepCopy .Values.routes -}}
{{- $clusters := deepCopy .Values.clusters -}}
{{- if .Values.origin -}}
{{- $_ := set $routes "origin" (dict "ClusterId" "origin" "Order" 1000000 "Match" (dict "Path" "{**all}")) -}}
{{- $_ := set $clusters "origin" (dict "Destinations" (dict "one" (dict "Address" .Values.origin))) -}}
{{- end -}}
{{- if .Values.test.enabled -}}
{{- $_ := set $routes "helm-test" (dict "ClusterId" "helm-test" "Order" -1000000 "Match" (dict "Hosts" (list (include "granary.testHost" .)) "Path" "/cgi-bin/{name}")) -}}
{{- $_ := set $clusters "helm-test" (dict "Destinations" (dict "one" (dict "Address" (printf "http://%s-test:8080" (include "granary.fullname" .))))) -}}
{{- end -}}
Routes: {{ toJson $routes }}
Clusters: {{ toJson $clusters }}
{{- end }}

{{/* The configuration file of silos. */}}
{{- define "granary.siloConfig" -}}
{{- $silo := .Values.silo -}}
{{- if gt (int $silo.memory.storePercent) (int (sub $silo.memory.gcPercent 20)) }}{{ fail (printf "silo.memory.storePercent is %d: at most silo.memory.gcPercent - 20 = %d, since the collector needs head-room" (int $silo.memory.storePercent) (sub $silo.memory.gcPercent 20)) }}{{ end -}}
{{- $cluster := mustMerge (include "granary.clusterConfig" . | fromYaml) (dict "SiloPort" (int $silo.ports.silo) "GatewayPort" (int $silo.ports.gateway) "ContentPort" (int $silo.ports.content) "DrainTimeout" (printf "%ds" (int $silo.drainSeconds))) -}}
{{- $granary := dict "Admin" (dict "Listen" (printf "http://*:%d" (int $silo.ports.admin))) "Cluster" $cluster -}}
{{- $store := dict -}}
{{- with include "granary.share" (list $silo.resources $silo.memory.storePercent) }}{{ $_ := set $store "Memory" (printf "%sB" .) }}{{ end -}}
{{- if $silo.disk.enabled -}}
{{- $_ := set $store "Disk" (printf "%s/store" $silo.disk.mountPath) -}}
{{- $_ := set $store "DiskSize" (printf "%dB" (div (mul (include "granary.bytes" $silo.disk.size | int64) 9) 10)) -}}
{{- end -}}
{{- if $store }}{{ $_ := set $granary "Store" $store }}{{ end -}}
{{- mustMergeOverwrite (dict "Granary" $granary) (deepCopy (omit .Values.config "ReverseProxy")) (deepCopy $silo.config) | toPrettyJson -}}
{{- end }}

{{/* Of what a restart is needed for. Routes and log levels are taken by running processes. */}}
{{- define "granary.checksum" -}}
{{- (. | fromJson).Granary | toJson | sha256sum -}}
{{- end }}
