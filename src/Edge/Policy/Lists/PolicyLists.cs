using System.Collections.Immutable;
using Granary.Silo.Configuration;

namespace Granary.Edge.Policy.Lists;

/// <summary>
/// The lists of the policy, kept up to date: files are looked at every other second, URLs when their time has come. One task loads one after the other, so at most one list is in memory twice. A list of which nothing changed
/// in the settings keeps what it has.
/// </summary>
internal sealed class PolicyLists(Func<GranarySettings> settings, TimeProvider clock, ILogger<PolicyLists> logger) : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2), RetryAfter = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly UrlSource _urls = new(settings, clock);
    private readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? _timer;
    private int _isLoading;
    private ImmutableArray<LoadedList> _all = [];

    public ImmutableArray<LoadedList> All => _all;

    /// <summary>Done when each has been looked at once, with or without success.</summary>
    public Task Tried => _tried.Task;

    /// <summary>The look at them that is under way, or the last one.</summary>
    public Task Loading { get; private set; } = Task.CompletedTask;

    /// <summary>Takes the lists of new settings. Files that were never read are read now.</summary>
    /// <remarks>Not for two threads at a time.</remarks>
    public ImmutableArray<LoadedList> Take(ImmutableArray<PolicyListSettings> lists)
    {
        var (old, now) = (_all, clock.GetTimestamp());
        ImmutableArray<LoadedList> all = [.. lists.Select(each => old.FirstOrDefault(list => list.Settings == each) ?? new LoadedList(each) { DueAt = now })];
        foreach (var list in all)
            if (list is { Settings.File: not null, Now: null }) Load(list, atOnce: true).GetAwaiter().GetResult(); // a file: nothing is waited for but the disk
        ImmutableInterlocked.InterlockedExchange(ref _all, all);
        if (all.IsEmpty) return all;
        _timer ??= clock.CreateTimer(static lists => ((PolicyLists)lists!).Look(), this, Period, Period);
        Look();
        return all;
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _stopping.Cancel();
        _stopping.Dispose();
        _urls.Dispose();
    }

    private void Look()
    {
        if (Interlocked.Exchange(ref _isLoading, 1) == 0) Loading = Task.Run(LoadThoseDue);
    }

    private async Task LoadThoseDue()
    {
        try
        {
            foreach (var list in _all)
                if (clock.GetTimestamp() >= list.DueAt) await Load(list, atOnce: false);
        }
        finally
        {
            _tried.TrySetResult();
            Volatile.Write(ref _isLoading, 0);
        }
    }

    private async Task Load(LoadedList list, bool atOnce)
    {
        try
        {
            var reading = list.Settings.File is null ? await _urls.Load(list, _stopping.Token) : await FileSource.Load(list, atOnce, _stopping.Token);
            if (reading is not null) Becomes(list, reading);
            else if (list.Now is not null) list.IsConfirmed(clock.GetUtcNow());
            list.Failure = null;
            Again(list, list.Settings.Every);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or HttpRequestException or InvalidDataException or OperationCanceledException or ObjectDisposedException)
        {
            if (!_stopping.IsCancellationRequested) Fails(list, e);
        }
    }

    private void Becomes(LoadedList list, ListReading reading)
    {
        list.Becomes(reading, clock.GetUtcNow());
        logger.ListLoaded(list.Name, reading.Domains.Count, reading.Unread, reading.Domains.Bytes >> 10);
    }

    // Told when it begins to fail, and then each time it fails otherwise.
    private void Fails(LoadedList list, Exception why)
    {
        if (list.Failure != why.Message) logger.ListNotLoaded(list.Name, list.Source, why.Message, list.Now is null ? "nothing" : "the last good one");
        list.Failure = why.Message;
        Again(list, list.Settings.Every < RetryAfter ? list.Settings.Every : RetryAfter);
    }

    // Files are looked at each time.
    private void Again(LoadedList list, TimeSpan after)
    {
        if (list.Settings.File is null) list.DueAt = clock.GetTimestamp() + (long)(after.TotalSeconds * clock.TimestampFrequency);
    }
}
