{{/* Bytes of a quantity such as 512Mi, 2G or 1073741824. */}}
{{- define "granary.bytes" -}}
{{- $text := toString . -}}
{{- $units := dict "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 "k" 1000 "M" 1000000 "G" 1000000000 "T" 1000000000000 -}}
{{- $number := regexFind "^[0-9.]+" $text -}}
{{- $unit := trimPrefix $number $text -}}
{{- if or (not $number) (and $unit (not (hasKey $units $unit))) -}}
{{- fail (printf "%q is no quantity such as 512Mi, 2Gi or 1000000000" $text) -}}
{{- end -}}
{{- mulf (float64 $number) (float64 (default 1 (get $units $unit))) | int64 -}}
{{- end }}

{{/* A share of the memory limit in bytes, empty without a limit. Called with (list resources percent). */}}
{{- define "granary.share" -}}
{{- with (index . 0).limits }}{{ with .memory -}}
{{- div (mul (include "granary.bytes" . | int64) ($ | last | int64)) 100 -}}
{{- end }}{{ end }}
{{- end }}

{{/* Seconds that an edge's pod has to end: those of preStop, 30 s in which .NET's host lets requests end, and some. */}}
{{- define "granary.edgeGrace" -}}
{{- $least := add .Values.edge.preStopSeconds 40 -}}
{{- $given := int .Values.edge.terminationGracePeriodSeconds -}}
{{- if and $given (lt $given (int (sub $least 10))) }}{{ fail (printf "edge.terminationGracePeriodSeconds is %d: at least preStopSeconds + 30 = %d, or 0 for as many as are needed" $given (sub $least 10)) }}{{ end -}}
{{- default $least $given -}}
{{- end }}

{{/* Those of a silo: to hand over, 20 s to leave the cluster (SiloHost.LeavingTime), and some. */}}
{{- define "granary.siloGrace" -}}
{{- $least := add .Values.silo.drainSeconds 30 -}}
{{- $given := int .Values.silo.terminationGracePeriodSeconds -}}
{{- if and $given (lt $given (int (sub $least 10))) }}{{ fail (printf "silo.terminationGracePeriodSeconds is %d: at least drainSeconds + 20 = %d, or 0 for as many as are needed" $given (sub $least 10)) }}{{ end -}}
{{- default $least $given -}}
{{- end }}
