using Granary.Grains.Leases;
using Granary.Grains.Members;
using Granary.Grains.Resources;
using Granary.Grains.Tests.Copies;
using Granary.Grains.Tests.Leases;
using Silo = Granary.Grains.Tests.Copies.Silo;

namespace Granary.Grains.Tests.Fences;

/// <summary>
/// P2 in all orders: silos that freeze and come back, that cannot reach each other or Redis, a Redis that loses everything, looks that stop at any of their steps, silos that are declared dead; and a clock that goes on in
/// between. Whatever happens, what a purge hit that is done is answered by no silo and no edge. Versions count up with each purge.
/// </summary>
[Trait("Promise", "P2")]
public sealed class FenceModelTests
{
    [Theory, MemberData(nameof(Seeds))]
    public void Whatever_happens_nobody_answers_what_a_purge_hit_that_is_done(int seed)
    {
        using var world = new World(seed);
        for (var step = 0; step < 2_000; step++) world.Steps();
        Assert.InRange(world.Done, 5, int.MaxValue);
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 16)];

    private sealed class World : IDisposable
    {
        private const string Uri = "http://example.org/logo";

        private readonly Cluster _cluster = new("a", "b", "c", "d");
        private readonly Turns _turns = new();
        private readonly Random _random;
        private readonly int _seed;
        private readonly Silo[] _all;
        private readonly List<TaskCompletionSource> _held = [];
        private readonly List<(Task Told, int Version)> _purges = [];
        private readonly Edge _edge;
        private readonly Silo _owner;
        private int _version = 1;
        private int _gone;
        private int _sinceLook;

        public World(int seed)
        {
            (_seed, _random) = (seed, new Random(seed));
            _all = [.. _cluster.Members];
            foreach (var silo in _all) Over(_turns.Do(silo.Looks));
            _owner = _cluster.Ranked(Uri)[0];
            _edge = Over(_turns.Do(() => _owner.Begins()));
            _cluster.Meets = Meets;
        }

        public int Done { get; private set; }

        public void Steps()
        {
            var (one, other) = (Any(), Any());
            switch (_random.Next(100))
            {
                case < 34: Passes(); break;
                case < 44: Stores(one); break;
                case < 54: Purges(one); break;
                case < 58: if (_cluster.Frozen.ContainsKey(one)) Thaws(one); else if (_cluster.Frozen.Count < 2) Freezes(one); break;
                case < 64: if (_cluster.Frozen.Count > 0) Thaws(_cluster.Frozen.Keys.First()); break;
                case < 68: if (one != other && !_cluster.Cut.Remove((one, other)) && _cluster.Cut.Count < 4) _cluster.Cut.Add((one, other)); break;
                case < 71: _cluster.Cut.Clear(); break;
                case < 74: if (!_cluster.Redis.IsAwayFrom.Remove(one)) _cluster.Redis.IsAwayFrom.Add(one); break;
                case < 76: _cluster.Redis.IsAwayFrom.Clear(); break;
                case < 77: _cluster.Redis.LosesAll(); break;
                case < 85: Releases(); break;
                case < 95: Leases(); break;
                case < 99: Looks(one); break;
                default: IsDeclaredDead(one); break;
            }

            Holds();
        }

        public void Dispose() => _cluster.Dispose();

        private Silo Any() => _cluster.Members[_random.Next(_cluster.Members.Length)];

        // Half of the steps wait until they are let go, so that other things come between.
        private async Task Meets(Step step)
        {
            if (_random.Next(12) != 0 || _held.Count > 6) return;
            var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _held.Add(held);
            await held.Task;
        }

        private void Releases() => Do(() =>
        {
            if (_held.Count == 0) return;
            var at = _random.Next(_held.Count);
            var held = _held[at];
            _held.RemoveAt(at);
            held.SetResult();
        });

        private void Passes()
        {
            var span = TimeSpan.FromMilliseconds(_random.Next(1, 400));
            Do(() => _cluster.Passes(span));
            _sinceLook += (int)span.TotalMilliseconds;
            if (_sinceLook < 1000) return;
            _sinceLook = 0;
            foreach (var silo in _all.Where(silo => !_cluster.Frozen.ContainsKey(silo))) Looks(silo);
        }

        private void Looks(Silo silo) => _turns.Do(() => _cluster.Frozen.ContainsKey(silo) ? Task.CompletedTask : silo.Looks());

        private void Freezes(Silo silo) => _cluster.Freezes(silo);

        private void Thaws(Silo silo) => Do(() => _cluster.Thaws(silo, hears: _random.Next(2) == 0));

        // It may live, and not know it.
        private void IsDeclaredDead(Silo silo)
        {
            if (_cluster.Members.Length < 3) return;
            Do(() => _cluster.Leaves(silo));
            foreach (var left in _cluster.Members) left.The<Departures>().See();
        }

        private void Stores(Silo silo)
        {
            if (_cluster.Frozen.ContainsKey(silo) || silo.Has(Uri)) return;
            silo.Stores(Uri, new string('x', _version));
        }

        private void Purges(Silo silo)
        {
            if (_cluster.Frozen.ContainsKey(silo) || _purges.Count > 8) return;
            _purges.Add((_turns.Do(() => silo.The<Invalidations>().Tell(Uri)), _version));
            _version++;
        }

        private void Leases() => Do(() =>
        {
            if (_cluster.Frozen.ContainsKey(_owner)) return;
            _ = _owner.Polls(_edge);
            if (_edge.Asks(Uri) is { } ask && _owner.The<Granting>().Grant(ask.Call) is MemberReply.Leased { Copies: [var copy] }) _edge.Takes(ask, copy.Content.Length ?? 0, 0);
        });

        private void Holds()
        {
            foreach (var one in _purges.ToArray())
            {
                if (!one.Told.IsCompleted) continue;
                _purges.Remove(one);
                if (!one.Told.IsCompletedSuccessfully) continue;
                _gone = Math.Max(_gone, one.Version);
                Done++;
            }

            foreach (var silo in _all)
                Assert.False(silo.IsSure && silo.Store.Peek(Uri).Any(variant => variant.Content.Length <= _gone && variant.In(silo.The<Granary.Grains.Groups.GroupEpochs>()) == Granary.Grains.Groups.Standing.Current), $"{silo.Name}, seed {_seed}, {_gone} is gone");
            Assert.False(_edge.Uses(Uri) <= _gone, $"the edge, seed {_seed}, {_gone} is gone");
        }

        private void Do(Action what) => _turns.Do(() =>
        {
            what();
            return true;
        });

        private static T Over<T>(Task<T> task) => task.GetAwaiter().GetResult();

        private static void Over(Task task) => task.GetAwaiter().GetResult();
    }
}
