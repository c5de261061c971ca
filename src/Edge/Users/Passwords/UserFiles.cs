using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using Granary.Silo.Configuration;

namespace Granary.Edge.Users.Passwords;

/// <summary>
/// The files of users and groups, looked at every few seconds and when the settings change. Files that cannot be read, or say what they must not, change nothing; one that has just been
/// emptied may be written anew right now, and counts at the next look.
/// </summary>
internal sealed class UserFiles : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly SettingsSource _settings;
    private readonly Turns _turns;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Lock _looking = new();
    private volatile Known _known;
    private (byte[]? Users, byte[]? Groups) _seen = ([], []);
    private bool _isTold;
    private ITimer? _timer;

    public UserFiles(SettingsSource settings, Turns turns, TimeProvider clock, ILogger<UserFiles> logger)
    {
        (_settings, _turns, _clock, _logger) = (settings, turns, clock, logger);
        _known = Fresh(UserTable.Empty, [], []);
        Look();
        settings.Changed += Changed;
    }

    public UserTable Table => _known.Table;

    public ValueTask<Verdict> Verify(string token68)
    {
        var known = _known;
        return known.Verifying.Of(token68, known.Verify);
    }

    /// <summary>Looks at the files now.</summary>
    public void Look()
    {
        lock (_looking)
        {
            var users = _settings.Current.Users;
            if (users.File is null && users.Groups is null && _known.Table.Count == 0) return;
            _timer ??= _clock.CreateTimer(static me => ((UserFiles)me!).Look(), this, Period, Period);
            var (file, groups) = (ContentOf(users.File), ContentOf(users.Groups));
            var isNew = !Same(file, _seen.Users) || !Same(groups, _seen.Groups);
            _seen = (file, groups);
            if (isNew) _isTold = false;
            if (Same(file, _known.Users) && Same(groups, _known.Groups)) return;
            Take(users, file, groups, isNew);
        }
    }

    public void Dispose()
    {
        _settings.Changed -= Changed;
        _timer?.Dispose();
    }

    private void Changed(GranarySettings settings) => Look();

    private void Take(UserSettings settings, byte[]? file, byte[]? groups, bool isNew)
    {
        if (file is null || groups is null || (file.Length == 0 && settings.File is not null))
        {
            if (isNew) return; // it may be written just now
            if (file is null || groups is null)
            {
                TellOnce((file is null ? settings.File : settings.Groups)!);
                return;
            }
        }

        if (PasswordFile.Parse(Encoding.UTF8.GetString(file)) is not PasswordFile.Whole whole)
        {
            TellOnce(settings.File!);
        }
        else if (GroupFile.Parse(Encoding.UTF8.GetString(groups)).GroupsOf is not { } groupsOf)
        {
            TellOnce(settings.Groups!);
        }
        else
        {
            _known = Fresh(new UserTable(whole.Users, groupsOf), file, groups);
            _logger.UsersTaken(whole.Users.Count);
        }
    }

    private void TellOnce(string file)
    {
        if (!_isTold) _logger.UsersKept(file);
        _isTold = true;
    }

    private Known Fresh(UserTable table, byte[] users, byte[] groups) => new(table, new Verifying(_turns, () => _settings.Current.Users.Remember, _clock), users, groups);

    // Empty where there is none to be read, null where it cannot be.
    private static byte[]? ContentOf(string? path)
    {
        try
        {
            return path is null ? [] : File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool Same(byte[]? one, byte[]? other) => one is null ? other is null : other is not null && one.AsSpan().SequenceEqual(other);

    private sealed record Known(UserTable Table, Verifying Verifying, byte[] Users, byte[] Groups)
    {
        public Verdict Verify(string token68) =>
            ProxyCredentials.Basic.Decode(token68) is var (name, password) && Table.Verify(name, password) is { } who ? new Verdict.Right(who) : Verdict.Wrong;
    }
}
