using System.Collections.Immutable;
using Granary.Grains.Copies;
using Granary.Grains.Groups;
using Granary.Grains.Leases;
using Granary.Grains.Members;
using Granary.Grains.Resources;
using Granary.Grains.Store;

namespace Granary.Grains.Explaining;

/// <summary>
/// Explains what happened to a URI, for people: (1) all keys that may stand for it  (2) the owner and the second owner of each  (3) what each of these knows, those that do not answer in time left out.
/// </summary>
public sealed class Explainer
{
    private const int MostKeys = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ResponseStore _store;
    private readonly FetchesUnderWay _underWay;
    private readonly PassMemory _passes;
    private readonly Sessions _sessions;
    private readonly GroupEpochs _epochs;
    private readonly DecisionLog _decisions;
    private readonly IFellowship _fellowship;
    private readonly Func<ResourceOptions> _options;
    private readonly TimeProvider _clock;

    internal Explainer(
        ResponseStore store, FetchesUnderWay underWay, PassMemory passes, Sessions sessions, GroupEpochs epochs, DecisionLog decisions, IFellowship fellowship, Func<ResourceOptions> options, TimeProvider clock)
    {
        (_store, _underWay, _passes, _sessions, _epochs, _decisions) = (store, underWay, passes, sessions, epochs, decisions);
        (_fellowship, _options, _clock) = (fellowship, options, clock);
    }

    /// <param name="uris">Keys as the asker knows them; keys with names of routes that this silo knows are added.</param>
    public async Task<Explanation> Explain(ImmutableArray<string> uris)
    {
        ImmutableArray<string> keys = [.. _underWay.Names.With(_store.Names.With(uris)).Take(MostKeys)];              // (1)
        if (_fellowship is Alone) return new Explanation([.. keys.Select(static key => new ExplainedKey(key, null, null))], [Here("", keys)], []);
        var ranked = keys.Select(key => (Key: key, Owners: _fellowship.Ranked(key).Take(2).ToArray())).ToArray();      // (2)
        var fellows = ranked.SelectMany(static one => one.Owners).Distinct().ToArray();
        var places = await Task.WhenAll(fellows.Select(fellow => Ask(fellow, keys)));                                  // (3)
        return new Explanation(
            [.. ranked.Select(static one => new ExplainedKey(one.Key, one.Owners.ElementAtOrDefault(0)?.Name, one.Owners.ElementAtOrDefault(1)?.Name))],
            [.. places.OfType<ExplainedPlace>()],
            [.. fellows.Where((_, i) => places[i] is null).Select(static fellow => fellow.Name)]);
    }

    /// <summary>What this silo knows.</summary>
    internal ExplainedPlace Here(string name, ImmutableArray<string> keys) => new(
        name,
        [.. keys.SelectMany(key => _store.Peek(key).Select(variant => StoredExplaining.Of(key, variant, variant.In(_epochs), _options().SurrogateKeyFields, _clock)))],
        [.. keys.SelectMany(key => _decisions.Of(key)).OrderBy(static decision => decision.Ago).Take(DecisionLog.PerKey)])
    {
        Leases = [.. keys.SelectMany(_sessions.Holdings.Of).Distinct().Where(static session => !session.IsOver).Select(static session => new ExplainedLease(session.Edge, session.Left))],
        Fetches = keys.Sum(key => _underWay.Of(key).Length),
        IsPassed = keys.Any(key => _passes.Remembers(key, authorized: false)),
    };

    private async Task<ExplainedPlace?> Ask(Fellow fellow, ImmutableArray<string> keys)
    {
        try
        {
            return _fellowship.IsSelf(fellow) ? Here(fellow.Name, keys) : await _fellowship.Of(fellow).Explain(keys).WaitAsync(Patience, _clock);
        }
        catch (Exception unreachable) when (unreachable is TimeoutException or OrleansException)
        {
            return null;
        }
    }
}
