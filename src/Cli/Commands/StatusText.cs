using System.Text.Json;
using Granary.Cli.Text;

namespace Granary.Cli.Commands;

/// <summary>The answer of <c>GET /status</c> for people, part by part.</summary>
internal static class StatusText
{
    public static void Head(TextWriter to, JsonElement status)
    {
        var process = status.At("process") ?? default;
        var cluster = process.Text("cluster") is { } name ? $" of {name}" : "";
        to.WriteLine(Shown.Safe($"{process.Text("name")}: {process.Text("role")}{cluster}, {process.Text("version")}, up {Shown.Span(process.Number("uptime") ?? 0)}, {Shown.Size(process.Number("workingSet") ?? 0)} in use, {(process.Flag("ready") ? "ready" : "not ready")}"));
        foreach (var note in process.Each("notes")) to.WriteLine(Shown.Safe($"{note.Text("part")}: {note.Text("says")}"));
    }

    public static void Traffic(TextWriter to, JsonElement status)
    {
        var recent = status.At("recent") ?? default;
        var seconds = Math.Max(1, status.Number("seconds") ?? 1);
        to.WriteLine($"last {Shown.Span(seconds)}: {Shown.Number((recent.Number("requests") ?? 0) / seconds)} requests/s, {Shown.Size((recent.Number("content") ?? 0) / seconds)}/s, "
            + $"hits {Shown.Percent(recent.Number("hitRatio"))}, of the content {Shown.Percent(recent.Number("contentHitRatio"))}");
    }

    public static void Outcomes(TextWriter to, JsonElement status, int width)
    {
        var columns = new Columns("OUTCOME", "REQUESTS", "SHARE", "COLLAPSED", "CONTENT", "P50", "P95", "P99");
        var recent = status.At("recent") ?? default;
        foreach (var one in recent.Each("outcomes").OrderByDescending(static one => one.Number("requests")))
        {
            var latency = one.At("latency") ?? default;
            columns.Add(
                one.Text("outcome") ?? "-", Shown.Number(one.Number("requests") ?? 0), Shown.Percent(one.Number("requests") / recent.Number("requests")), Shown.Number(one.Number("collapsed") ?? 0), Shown.Size(one.Number("content") ?? 0),
                Shown.Milliseconds(latency.Number("p50")), Shown.Milliseconds(latency.Number("p95")), Shown.Milliseconds(latency.Number("p99")));
        }

        columns.Write(to, width);
    }

    public static void Hottest(TextWriter to, JsonElement status, int width, int most)
    {
        var columns = new Columns("HOTTEST URLS", "A MINUTE");
        foreach (var one in status.Each("hottest").Take(most)) columns.Add(one.Text("url") ?? "-", Shown.Number(one.Number("requests") ?? 0));
        columns.Write(to, width);
    }

    public static void Silos(TextWriter to, JsonElement status, int width)
    {
        var columns = new Columns("SILO", "STATE", "OWNS", "STORE", "OF", "RESPONSES", "EVICTED", "FETCHES", "EDGES", "UP");
        foreach (var one in status.Each("silos"))
        {
            var isTold = one.Number("memory") is not null;
            string Told(string name) => isTold ? Shown.Number(one.Number(name) ?? 0) : "-";
            columns.Add(
                one.Text("name") ?? "-", one.Text("state") ?? "-", Shown.Percent(one.Number("share")), isTold ? Shown.Size(one.Number("memory")!.Value) : "-", isTold ? Shown.Size(one.Number("memoryLimit") ?? 0) : "-",
                Told("responses"), Told("evictions"), Told("fetches"), Told("edges"), isTold ? Shown.Span(one.Number("uptime") ?? 0) : "-");
        }

        columns.Write(to, width, left: 2);
    }

    public static void Origins(TextWriter to, JsonElement status, int width)
    {
        var columns = new Columns("DESTINATION", "STATE", "OF", "UNDER WAY");
        foreach (var one in status.Each("origins"))
            columns.Add(one.Text("address") ?? "-", one.Number("leftAloneBy") > 0 ? "left alone" : "in use", "origin", Shown.Number(one.Number("fetches") ?? 0));
        foreach (var cluster in status.Each("clusters"))
            foreach (var one in cluster.Each("destinations")) columns.Add(one.Text("address") ?? "-", one.Flag("available") ? "available" : "unhealthy", $"cluster {cluster.Text("cluster")}", Shown.Number(one.Number("requests") ?? 0));
        foreach (var listener in status.Each("listeners"))
            foreach (var one in listener.Each("destinations")) columns.Add(one.Text("destination") ?? "-", one.Flag("up") ? "up" : "out", $"tcp {listener.Text("listener")}", Shown.Number(one.Number("open") ?? 0));
        to.WriteLine();
        columns.Write(to, width, left: 3);
    }

    /// <summary>What somebody should look at.</summary>
    public static IEnumerable<string> Troubles(JsonElement status)
    {
        var process = status.At("process") ?? default;
        foreach (var objection in process.Each("objections")) yield return $"{objection.Text("part")}: {objection.Text("says")}";
        if (!process.Flag("ready") && !process.Each("objections").Any()) yield return "The edge is not ready.";
        foreach (var silo in status.Each("silos"))
        {
            if (silo.Text("state") is "silent" or "in-doubt" or "doubted") yield return $"Silo {silo.Text("name")} is {silo.Text("state")}.";
            if (silo.Number("fenced") > 0) yield return $"Silo {silo.Text("name")} knows of {silo.Number("fenced")} that do not answer invalidations.";
        }

        foreach (var origin in status.Each("origins"))
            if (origin.Number("leftAloneBy") > 0) yield return $"{origin.Text("address")} has failed too often, and is left alone by {origin.Number("leftAloneBy")} of {origin.Number("silos")} silos.";
        foreach (var cluster in status.Each("clusters"))
            foreach (var one in cluster.Each("destinations"))
                if (!one.Flag("available")) yield return $"{one.Text("address")} of cluster {cluster.Text("cluster")} is not available.";
        foreach (var listener in status.Each("listeners"))
            foreach (var one in listener.Each("destinations"))
                if (!one.Flag("up")) yield return $"{one.Text("destination")} behind {listener.Text("listener")} is out.";
    }
}
