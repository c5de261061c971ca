namespace Granary.Language;

/// <summary>The admin port of a process: what it says of itself, and purging.</summary>
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

    /// <summary>Asks it to purge.</summary>
    /// <param name="order">As in docs/cluster.md: <c>{"url": …}</c> and so on.</param>
    /// <returns>The status of the answer.</returns>
    public async Task<int> Purges(string order)
    {
        using var content = new StringContent(order, System.Text.Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync("/purge", content);
        return (int)response.StatusCode;
    }

    /// <summary>Asks it to purge, and expects that it is done.</summary>
    /// <returns>The content of the answer.</returns>
    public async Task<string> Purged(string order)
    {
        using var content = new StringContent(order, System.Text.Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync("/purge", content);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    /// <summary>The value of a metric, over all its labels; 0 where it was never counted.</summary>
    public async Task<double> Metric(string name)
    {
        var text = await _http.GetStringAsync("/metrics");
        return text.Split('\n').Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal)).Sum(ValueOf);
    }

    // name{labels} value [timestamp]
    private static double ValueOf(string line)
    {
        var words = line[(line.LastIndexOf('}') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries).SkipWhile(static word => char.IsLetter(word[0]));
        return double.Parse(words.First(), System.Globalization.CultureInfo.InvariantCulture);
    }

    public void Dispose() => _http.Dispose();
}
