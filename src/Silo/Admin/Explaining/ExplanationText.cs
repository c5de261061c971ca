using System.Collections.Immutable;
using System.Text.Json;
using Granary.Grains.Explaining;
using Granary.Semantics.Reusability;

namespace Granary.Silo.Admin.Explaining;

/// <summary>An explanation as JSON. Times are seconds, lengths bytes; fields are only added.</summary>
/// <param name="self">The name of this process, for what it says itself.</param>
internal sealed class ExplanationText(Utf8JsonWriter json, string self)
{
    private const string Nothing = "Nothing is stored of this URL, and nothing was decided about it of late. URLs are told apart by scheme, host, port, path and query, as clients ask for them.";

    public void Write(string uri, Explained explained)
    {
        var (all, owner) = (explained.Explanation, explained.Explanation.Keys.FirstOrDefault());
        ImmutableArray<ExplainedPlace> places = explained.Edge is { } edge ? [.. all.Places, edge] : all.Places;
        var isKnown = places.Any(static place => !place.Stored.IsEmpty || !place.Decisions.IsEmpty || place.Fetches > 0 || place.IsPassed);
        json.WriteStartObject();
        json.WriteString("url", uri);
        json.WriteBoolean("known", isKnown);
        if (!isKnown) json.WriteString("note", all.Silent.IsEmpty ? Nothing : "Those who might know did not answer.");
        json.WriteString("owner", owner is null ? null : owner.Owner ?? self);
        json.WriteString("secondOwner", owner?.SecondOwner);
        Each("keys", all.Keys, key => Key(key));
        Each("stored", places.SelectMany(place => place.Stored.Select(stored => (place, stored))), one => Stored(one.stored, one.place, explained));
        Each("decisions", places.SelectMany(static place => place.Decisions.Select(decision => (place, decision))).OrderBy(static one => one.decision.Ago), one => Decision(one.decision, one.place));
        Each("leases", places.SelectMany(static place => place.Leases), Lease);
        json.WriteNumber("fetchesUnderWay", places.Sum(static place => place.Fetches));
        json.WriteBoolean("rememberedAsNotStorable", places.Any(static place => place.IsPassed));
        Each("silent", all.Silent, name => json.WriteStringValue(name));
        json.WriteEndObject();
    }

    private void Key(ExplainedKey key)
    {
        json.WriteStartObject();
        json.WriteString("key", key.Key);
        json.WriteString("owner", key.Owner ?? self);
        json.WriteString("secondOwner", key.SecondOwner);
        json.WriteEndObject();
    }

    private void Stored(ExplainedResponse stored, ExplainedPlace place, Explained explained)
    {
        json.WriteStartObject();
        json.WriteString("at", NameOf(place));
        json.WriteString("as", RoleOf(stored, place, explained));
        json.WriteString("key", stored.Key);
        json.WriteNumber("status", stored.Status);
        json.WriteBoolean("fresh", !stored.IsPurged && stored.Age < stored.Lifetime);
        json.WriteNumber("age", Seconds(stored.Age));
        json.WriteNumber("ttl", Seconds(stored.Lifetime - stored.Age));
        json.WriteNumber("lifetime", Seconds(stored.Lifetime));
        json.WriteString("lifetimeBy", stored.LifetimeSource);
        json.WriteBoolean("purged", stored.IsPurged);
        if (stored.HeldFor is { } held) json.WriteNumber("heldFor", Seconds(held));
        Content(stored);
        Fields(stored);
        json.WriteEndObject();
    }

    private void Content(ExplainedResponse stored)
    {
        if (stored.Length is { } length) json.WriteNumber("length", length);
        else json.WriteNull("length");
        json.WriteNumber("here", stored.Here);
        if (stored.PartFirst is not { } first) return;
        json.WriteStartObject("part");
        json.WriteNumber("first", first);
        json.WriteNumber("of", stored.PartOf ?? 0);
        json.WriteEndObject();
    }

    private void Fields(ExplainedResponse stored)
    {
        json.WriteString("etag", stored.EntityTag);
        json.WriteString("lastModified", stored.LastModified);
        json.WriteString("cacheControl", stored.CacheControl);
        json.WriteString("contentType", stored.ContentType);
        json.WriteString("vary", stored.Vary);
        Each("selectedBy", stored.Selecting, line => json.WriteStringValue(line));
        Each("tags", stored.Tags, tag => json.WriteStringValue(tag));
        json.WriteNumber("groups", stored.Groups);
    }

    private void Decision(ExplainedDecision decision, ExplainedPlace place)
    {
        var status = decision.Status;
        json.WriteStartObject();
        json.WriteNumber("ago", Seconds(decision.Ago));
        json.WriteString("at", NameOf(place));
        json.WriteBoolean("hit", status.Hit);
        json.WriteString("fwd", status.Fwd is { } why && !status.Hit ? why.Token() : null);
        json.WriteString("detail", status.Detail);
        json.WriteString("cacheStatus", status.ToFieldValue("granary"));
        json.WriteEndObject();
    }

    private void Lease(ExplainedLease lease)
    {
        json.WriteStartObject();
        json.WriteString("edge", lease.Edge);
        json.WriteNumber("endsIn", Seconds(lease.Left));
        json.WriteEndObject();
    }

    private void Each<T>(string name, IEnumerable<T> values, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var value in values) write(value);
        json.WriteEndArray();
    }

    private string NameOf(ExplainedPlace place) => place.Name.Length == 0 ? self : place.Name;

    private static string RoleOf(ExplainedResponse stored, ExplainedPlace place, Explained explained)
    {
        if (place == explained.Edge) return "leased-copy";
        var key = explained.Explanation.Keys.FirstOrDefault(key => key.Key == stored.Key);
        return key?.Owner is null || key.Owner == place.Name ? "owner" : key.SecondOwner == place.Name ? "second-owner" : "copy";
    }

    private static double Seconds(TimeSpan span) => Math.Round(span.TotalSeconds, 3);
}
