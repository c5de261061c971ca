using System.Text.Json;
using Granary.Grains.Egress;
using Granary.Grains.Origin.Addresses;
using Granary.Silo.Configuration;

namespace Granary.Edge.Policy;

/// <summary>Judges what nobody has asked for, and says why: the rule that decides, and for each before it the criterion that does not match. Nothing is counted.</summary>
internal sealed class PolicyTrial(PolicyInForce policy, SettingsSource settings, WayOut way, TimeProvider clock)
{
    private readonly GuardedConnect _connect = PolicyServices.Resolving(settings, way);

    public async Task Write(Utf8JsonWriter json, PolicyRequest request, CancellationToken cancellationToken)
    {
        var current = policy.Current ?? new AccessPolicy(new PolicySettings(), []);
        var passedOver = new List<(PolicyRule Rule, Criterion Against)>();
        var judgment = current.Judge(request, (rule, against) => passedOver.Add((rule, against)));
        if (judgment.Verdict is Verdict.NeedsAddresses && await Resolved(request, cancellationToken))
        {
            passedOver.Clear();
            judgment = current.Judge(request, (rule, against) => passedOver.Add((rule, against)));
        }

        json.WriteStartObject();
        Write(json, judgment);
        if (request.Addresses is { } addresses) Write(json, "addresses", addresses.Select(static address => address.ToString()));
        json.WriteStartArray("passedOver");
        foreach (var (rule, against) in passedOver)
        {
            json.WriteStartObject();
            json.WriteString("rule", rule.Title);
            json.WriteString("criterion", against.Name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The policy, and what its lists have.</summary>
    public void Write(Utf8JsonWriter json)
    {
        var current = policy.Current;
        json.WriteStartObject();
        json.WriteString("default", $"{current?.Default ?? PolicyDefault.Allow}".ToLowerInvariant());
        json.WriteStartArray("rules");
        foreach (var rule in current?.Rules ?? [])
        {
            json.WriteStartObject();
            json.WriteString("rule", rule.Title);
            json.WriteString("action", $"{rule.Settings.Action}".ToLowerInvariant());
            Write(json, "criteria", rule.Criteria.Select(static criterion => criterion.Name));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("lists");
        foreach (var list in current?.Lists ?? []) Write(json, list);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private async Task<bool> Resolved(PolicyRequest request, CancellationToken cancellationToken)
    {
        try
        {
            request.Addresses = await _connect.ResolveAsync(request.Asked, cancellationToken);
            return true;
        }
        catch (OriginConnectException)
        {
            return false;
        }
    }

    private static void Write(Utf8JsonWriter json, Judgment judgment)
    {
        // Without an address there is nothing to go to, whatever rules say.
        json.WriteString("verdict", judgment.Verdict is Verdict.NeedsAddresses ? "unresolved" : $"{judgment.Verdict}".ToLowerInvariant());
        json.WriteString("rule", judgment.Rule.Title);
        if (judgment.Reason is { } reason) json.WriteString("criterion", reason.Name);
        if (judgment is { Verdict: Verdict.Redirect, Rule.Settings.To: { } to }) json.WriteString("to", to);
        if (judgment is { Verdict: Verdict.Allow or Verdict.Inspect or Verdict.Splice, Rule.Settings.Limit: { } limit }) json.WriteString("limit", limit);
    }

    private void Write(Utf8JsonWriter json, Lists.LoadedList list)
    {
        json.WriteStartObject();
        json.WriteString("list", list.Name);
        json.WriteString("source", list.Source);
        if (list.Now is { } known)
        {
            json.WriteNumber("domains", known.Reading.Domains.Count);
            json.WriteNumber("unreadLines", known.Reading.Unread);
            json.WriteNumber("bytes", known.Reading.Domains.Bytes);
            json.WriteNumber("ageSeconds", Math.Max(0, (long)(clock.GetUtcNow() - known.At).TotalSeconds));
        }

        if (list.Failure is { } failure) json.WriteString("failure", failure);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
