using System.Collections.Immutable;
using System.Text.Json;
using Granary.Edge.Figures;
using Granary.Edge.Leases;
using Granary.Grains.Members;
using Granary.Grains.Store;
using Granary.Silo.Admin;
using Granary.Silo.Admin.Purging;
using Granary.Silo.Configuration;

namespace Granary.Edge.Dashboard;

/// <summary>The status as JSON. Spans are seconds, those of requests milliseconds, sizes bytes; fields are only added.</summary>
internal sealed class StatusText(
    RecentFigures figures, RecentPurges purges, OriginsText origins, ForwardText forward, Readiness readiness, SettingsSource settings, IServiceProvider services, TimeProvider clock)
{
    private const int MostUrls = 20;

    public void Write(Utf8JsonWriter json, ImmutableArray<SiloView> silos)
    {
        json.WriteStartObject();
        Process(json);
        var (now, minuteAgo) = (figures.Now, figures.MinuteAgo);
        json.WriteNumber("seconds", Seconds(clock.GetElapsedTime(minuteAgo.At, now.At)));
        Requests(json, "recent", now - minuteAgo, withLatency: true);
        Requests(json, "sinceStart", new Moment(now.At, now.Counts), withLatency: false);
        Series(json, now);
        Hottest(json);
        json.WriteStartArray("silos");
        foreach (var silo in silos) Silo(json, silo);
        json.WriteEndArray();
        LeasedCopies(json);
        origins.Write(json, silos);
        Purges(json);
        forward.Write(json);
        json.WriteEndObject();
    }

    private void Process(Utf8JsonWriter json)
    {
        var isAlone = settings.Current.Cluster.Redis is null;
        json.WriteStartObject("process");
        json.WriteString("name", settings.Current.Cluster.Name);
        json.WriteString("role", isAlone ? "edge and silo" : "edge");
        json.WriteString("cluster", isAlone ? null : settings.Current.Cluster.Id);
        json.WriteString("version", Reporting.Version);
        json.WriteNumber("uptime", Seconds(clock.GetElapsedTime(figures.Began)));
        json.WriteNumber("workingSet", Environment.WorkingSet);
        json.WriteNumber("memoryLimit", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        json.WriteBoolean("ready", readiness.IsReady);
        Parts(json, "objections", readiness.Objections);
        Parts(json, "notes", readiness.Notes);
        json.WriteEndObject();
    }

    private static void Parts(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, string>> parts)
    {
        json.WriteStartArray(name);
        foreach (var (part, says) in parts)
        {
            json.WriteStartObject();
            json.WriteString("part", part);
            json.WriteString("says", says);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void Requests(Utf8JsonWriter json, string name, Moment counted, bool withLatency)
    {
        json.WriteStartObject(name);
        json.WriteNumber("requests", counted.Requests);
        json.WriteNumber("content", counted.Content);
        Share(json, "hitRatio", counted.Hits, counted.Requests);
        Share(json, "contentHitRatio", counted.Counts[0].Content, counted.Content);
        if (withLatency) Latency(json, null);
        json.WriteStartArray("outcomes");
        foreach (var (word, count) in counted.Counts.Index())
        {
            if (count.Requests == 0) continue;
            json.WriteStartObject();
            json.WriteString("outcome", OutcomeFigures.Words[word]);
            json.WriteNumber("requests", count.Requests);
            json.WriteNumber("collapsed", count.Collapsed);
            json.WriteNumber("content", count.Content);
            if (withLatency) Latency(json, word);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Share(Utf8JsonWriter json, string name, long part, long all)
    {
        if (all == 0) json.WriteNull(name);
        else json.WriteNumber(name, Math.Round((double)part / all, 4));
    }

    private void Latency(Utf8JsonWriter json, int? word)
    {
        if (figures.Latencies.Of(word) is not { } found)
        {
            json.WriteNull("latency");
            return;
        }

        json.WriteStartObject("latency");
        json.WriteNumber("p50", Milliseconds(found.P50));
        json.WriteNumber("p95", Milliseconds(found.P95));
        json.WriteNumber("p99", Milliseconds(found.P99));
        json.WriteEndObject();
    }

    /// <summary>One point for each tick of the last five minutes, oldest first: what was counted since the tick before.</summary>
    private void Series(Utf8JsonWriter json, Moment now)
    {
        var moments = figures.Moments;
        json.WriteStartArray("series");
        foreach (var (before, after) in moments.Zip(moments.Skip(1)))
        {
            var counted = after - before;
            json.WriteStartObject();
            json.WriteNumber("ago", Seconds(clock.GetElapsedTime(after.At, now.At)));
            json.WriteNumber("seconds", Seconds(clock.GetElapsedTime(before.At, after.At)));
            json.WriteNumber("hits", counted.Hits);
            json.WriteNumber("others", counted.Requests - counted.Hits);
            json.WriteNumber("content", counted.Content);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void Hottest(Utf8JsonWriter json)
    {
        var withQuery = settings.Current.AccessLog.Query;
        json.WriteStartArray("hottest");
        foreach (var (url, requests) in figures.Urls.Top(MostUrls * 2).GroupBy(one => Shown(one.Key, withQuery), static one => one.Requests).Select(static url => (url.Key, url.Sum())).OrderByDescending(static one => one.Item2).Take(MostUrls))
        {
            json.WriteStartObject();
            json.WriteString("url", url);
            json.WriteNumber("requests", Math.Round(requests));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // A key may end in the name of a route, behind a fragment, which no URL of a client has.
    private static string Shown(string key, bool withQuery) => key.Split('#')[0] is var url && withQuery ? url : url.Split('?')[0];

    private static void Silo(Utf8JsonWriter json, SiloView silo)
    {
        json.WriteStartObject();
        json.WriteString("name", silo.Name);
        json.WriteString("state", silo.State);
        json.WriteNumber("share", Math.Round(silo.Share, 4));
        if (silo.Report is { } report)
        {
            json.WriteString("version", report.Version);
            json.WriteNumber("uptime", Seconds(report.Uptime));
            json.WriteNumber("memory", report.Memory);
            json.WriteNumber("memoryLimit", report.MemoryLimit);
            json.WriteNumber("workingSet", report.WorkingSet);
            json.WriteNumber("responses", report.Responses);
            json.WriteNumber("evictions", report.Evictions);
            json.WriteNumber("damaged", report.Damaged);
            json.WriteNumber("fetches", report.Fetches);
            json.WriteNumber("edges", report.Edges);
            json.WriteNumber("fenced", report.Fenced);
        }

        json.WriteEndObject();
    }

    private void LeasedCopies(Utf8JsonWriter json)
    {
        if (services.GetService<Lines>() is not { } lines || services.GetService<ResponseStore>() is not { } store) return;
        var kept = store.Statistics;
        json.WriteStartObject("leasedCopies");
        json.WriteNumber("copies", kept.Objects);
        json.WriteNumber("memory", kept.Bytes);
        json.WriteNumber("memoryLimit", store.Options.MemoryBytes);
        json.WriteNumber("sessions", lines.Sessions);
        json.WriteEndObject();
    }

    private void Purges(Utf8JsonWriter json)
    {
        json.WriteStartArray("purges");
        foreach (var purge in purges.All)
        {
            json.WriteStartObject();
            json.WriteNumber("ago", Seconds(clock.GetElapsedTime(purge.At)));
            json.WriteString("client", purge.Client);
            json.WriteString("kind", purge.Kind);
            json.WriteString("what", purge.What);
            json.WriteBoolean("soft", purge.IsSoft);
            json.WriteBoolean("done", purge.IsDone);
            if (purge.Hit is { } hit) json.WriteNumber("purged", hit);
            else json.WriteNull("purged");
            json.WriteNumber("milliseconds", Milliseconds(purge.Took));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static double Seconds(TimeSpan span) => Math.Round(span.TotalSeconds, 1);

    private static double Milliseconds(TimeSpan span) => Math.Round(span.TotalMilliseconds, 3);
}
