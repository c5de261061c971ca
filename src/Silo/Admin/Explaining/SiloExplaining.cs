using Granary.Grains.Explaining;

namespace Granary.Silo.Admin.Explaining;

/// <summary>By this silo, which asks the owners.</summary>
internal sealed class SiloExplaining(IServiceProvider services) : IExplaining
{
    public async Task<Explained> Explain(string uri) => new(await services.GetRequiredService<Explainer>().Explain([uri]), null);
}
