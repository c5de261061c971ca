namespace Granary.Language;

/// <summary>What a process says of itself to a kubelet.</summary>
public sealed class Health(Uri admin) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = admin };

    public Uri Admin { get; } = admin;

    /// <summary>The answer to the probe for readiness, or why there is none.</summary>
    public async Task<string> Readiness()
    {
        try
        {
            using var response = await _http.GetAsync("/health/ready");
            return (await response.Content.ReadAsStringAsync()).Trim();
        }
        catch (HttpRequestException away)
        {
            return away.Message;
        }
    }

    public async Task IsReady()
    {
        var said = "";
        await Deadline.Until(async () => (said = await Readiness()) == "ready", () => $"Not ready at {Admin}: {said}");
    }

    public async Task IsNotReady(string why)
    {
        var said = "";
        await Deadline.Until(async () => (said = await Readiness()).Contains(why, StringComparison.Ordinal), () => $"Expected '{why}' of {Admin}, which says: {said}");
    }

    public void Dispose() => _http.Dispose();
}
