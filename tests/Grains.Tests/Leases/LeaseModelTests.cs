using CsCheck;
using Granary.Grains.Groups;
using Granary.Grains.Leases;
using Granary.Grains.Members;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Grains.Tests.Leases;

/// <summary>
/// P2 in all orders: a silo and two edges that obey decision 0009, with messages that are late, out of order or lost, lines that end and begin anew, and a clock that goes on in between. Whatever happens, no edge
/// uses what an invalidation hit that is done.
/// </summary>
public sealed class LeaseModelTests
{
    private static readonly Gen<(int What, int Which, int Uri)> AnyStep = Gen.Select(
        Gen.Frequency((8, Gen.Const(0)), (8, Gen.Const(1)), (8, Gen.Const(2)), (8, Gen.Const(3)), (2, Gen.Const(4)), (5, Gen.Const(5)), (5, Gen.Const(6)), (5, Gen.Const(7)), (5, Gen.Const(8)), (2, Gen.Const(9)),
            (1, Gen.Const(10)), (3, Gen.Const(11)), (1, Gen.Const(12)), (6, Gen.Const(13)), (6, Gen.Const(14))),
        Gen.Int[0, 1000], Gen.Int[0, 2]);

    [Fact, Trait("Promise", "P2")]
    public void Given_any_order_of_messages_losses_and_time_then_no_edge_uses_what_an_invalidation_hit_that_is_done() => AnyStep.Array[20, 300].Sample(steps =>
    {
        var world = new World();
        foreach (var (what, which, uri) in steps) world.Steps(what, which, uri);
        world.Holds();
    }, iter: 1_500);

    [Fact]
    public void Given_messages_that_come_then_the_model_reuses_and_invalidations_are_done_at_once()
    {
        var world = new World();
        world.Steps(0, 0, 0); // poll
        world.Steps(1, 0, 0);
        world.Steps(2, 0, 0);
        world.Steps(3, 0, 0); // heard: there is a session
        world.Steps(5, 0, 0); // lease
        world.Steps(6, 0, 0);
        world.Steps(7, 0, 0);
        world.Steps(8, 0, 0);
        Assert.Equal(1, world.InUse);
        world.Steps(9, 0, 0); // purge
        Assert.Equal(1, world.Undone);
        for (var round = 0; round < 2; round++)
            for (var step = 0; step < 4; step++) world.Steps(step, 0, 0);
        Assert.Equal(0, world.InUse);
        Assert.Equal(0, world.Undone);
    }

    private sealed class World
    {
        private static readonly LeaseOptions Options = new() { MostWaiting = 2_000 };

        /// <summary>The last is so long that its recall makes the silo tell an edge to let go of everything.</summary>
        private static readonly string[] Uris = ["http://a.example/", "http://b.example/", "http://long.example/" + new string('x', 3_000)];

        private readonly FakeTimeProvider _clock = new();
        private readonly Sessions _sessions;
        private readonly Edge[] _edges;
        private readonly List<(Edge Edge, Edge.Poll Poll)> _pollsOut = [];
        private readonly List<(Edge Edge, Edge.Poll Poll, Session Session)> _pollsThere = [];
        private readonly List<(Edge Edge, Edge.Poll Poll, MemberReply.Heard Heard)> _heard = [];
        private readonly List<(Edge Edge, Edge.Ask Ask)> _asksOut = [];
        private readonly List<(Edge Edge, Edge.Ask Ask)> _listed = [];
        private readonly List<(Edge Edge, Edge.Ask Ask, long Version, long Since)> _grants = [];
        private readonly List<MemberCall.Listen> _last = [];
        private readonly List<(int Uri, long Version, Receipt[] Receipts)> _purges = [];
        private readonly (long Version, long Since)[] _stored = [(1, 0), (1, 0), (1, 0)];
        private readonly long[] _gone = new long[3];
        private long _number;

        public World()
        {
            _sessions = new Sessions(Options, _clock);
            _edges = [new Edge("e1", _clock), new Edge("e2", _clock)];
        }

        public int InUse => _edges.Sum(edge => Uris.Count(uri => edge.Uses(uri) is not null));

        public int Undone => _purges.Count;

        public void Steps(int what, int which, int uri)
        {
            var edge = _edges[which % 2];
            switch (what)
            {
                case 0: _pollsOut.Add((edge, edge.Polls())); break;
                case 1: if (Take(_pollsOut, which) is { Poll: not null } poll) Comes(poll.Edge, poll.Poll); break;
                case 2: if (Take(_pollsThere, which) is { Session: not null } there && there.Session.Answer() is { } heard) _heard.Add((there.Edge, there.Poll, heard)); break;
                case 3: if (Take(_heard, which) is { Heard: not null } back) back.Edge.Hears(back.Poll, back.Heard); break;
                case 4: Loses(which); break;
                case 5: if (edge.Asks(Uris[uri]) is { } ask) _asksOut.Add((edge, ask)); break;
                case 6: if (Take(_asksOut, which) is { Ask: not null } asked && IsListed(asked.Ask.Call)) _listed.Add(asked); break;
                case 7: if (Take(_listed, which) is { Ask: not null } listed) Reads(listed.Edge, listed.Ask); break;
                case 8: if (Take(_grants, which) is { Ask: not null } grant) grant.Edge.Takes(grant.Ask, grant.Version, grant.Since); break;
                case 9: Purges(uri); break;
                case 10: PurgesAll(); break;
                case 11: _clock.Advance(TimeSpan.FromMilliseconds(which * 7)); break;
                case 12: Stops(edge, which); break;
                case 13: PollsAndHears(edge); break;
                default: AsksAndTakes(edge, Uris[uri]); break;
            }

            Holds();
        }

        public void Holds()
        {
            foreach (var (uri, version, receipts) in _purges.ToArray())
                if (Array.TrueForAll(receipts, receipt => receipt.IsOver(_clock)))
                {
                    _gone[uri] = Math.Max(_gone[uri], version);
                    _purges.Remove((uri, version, receipts));
                }

            foreach (var edge in _edges)
                for (var uri = 0; uri < Uris.Length; uri++)
                    if (edge.Uses(Uris[uri]) is { } version) Assert.True(version > _gone[uri], $"{edge.Name} uses version {version} of URI {uri}");
        }

        private void PollsAndHears(Edge edge)
        {
            var poll = edge.Polls();
            if (_sessions.OfOrNew(edge.Name) is not { } session) return;
            session.Hear(poll.Call.Session, poll.Call.Acknowledged);
            if (session.Answer() is { } heard) edge.Hears(poll, heard);
        }

        private void AsksAndTakes(Edge edge, string uri)
        {
            if (edge.Asks(uri) is not { } ask || !IsListed(ask.Call)) return;
            var (version, since) = _stored[Array.IndexOf(Uris, uri)];
            edge.Takes(ask, version, since);
        }

        private void Comes(Edge edge, Edge.Poll poll)
        {
            if (_sessions.OfOrNew(edge.Name) is not { } session) return;
            session.Hear(poll.Call.Session, poll.Call.Acknowledged);
            _pollsThere.Add((edge, poll, session));
        }

        private bool IsListed(MemberCall.Lease lease) =>
            _sessions.Of(lease.Edge) is { } session && session.TryHold(lease.Session) && _sessions.Holdings.TryList(lease.Uri, session);

        private void Reads(Edge edge, Edge.Ask ask)
        {
            var (version, since) = _stored[Array.IndexOf(Uris, ask.Call.Uri)];
            _grants.Add((edge, ask, version, since));
        }

        // Applied first: what is stored afterwards is another version.
        private void Purges(int uri)
        {
            var version = _stored[uri].Version;
            _stored[uri] = (version + 1, _number);
            _purges.Add((uri, version, [.. _sessions.Holdings.Of(Uris[uri]).Select(session => session.Recall([Uris[uri]])).OfType<Receipt>()]));
        }

        private void PurgesAll()
        {
            _number++;
            var versions = _stored.Select(static stored => stored.Version).ToArray();
            for (var uri = 0; uri < Uris.Length; uri++) _stored[uri] = (versions[uri] + 1, _number);
            Receipt[] receipts = [.. _sessions.Living.Select(session => session.Recall(new Recall.Numbered(new Scope.All(), false, _number))).OfType<Receipt>()];
            for (var uri = 0; uri < Uris.Length; uri++) _purges.Add((uri, versions[uri], receipts));
        }

        private void Stops(Edge edge, int which)
        {
            _last.Add(edge.Stops());
            if (Take(_last, which) is { } last && which % 3 > 0) _sessions.GiveUp(last.Edge, last.Session);
        }

        private void Loses(int which)
        {
            if (which % 3 == 0) Take(_pollsOut, which);
            else if (which % 3 == 1) Take(_heard, which);
            else Take(_grants, which);
        }

        private static T? Take<T>(List<T> from, int which)
        {
            if (from.Count == 0) return default;
            var at = which / 2 % from.Count;
            var taken = from[at];
            from.RemoveAt(at);
            return taken;
        }
    }
}
