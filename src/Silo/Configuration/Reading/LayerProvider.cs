using Microsoft.Extensions.Configuration;

namespace Granary.Silo.Configuration.Reading;

/// <summary>Shows a layer to everything that reads <see cref="IConfiguration"/>: Kestrel, YARP, logging.</summary>
internal sealed class LayerProvider : ConfigurationProvider, IConfigurationSource
{
    public LayerProvider(ConfigurationLayer layer) => Data = Flat(layer);

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public void Replace(ConfigurationLayer layer)
    {
        Data = Flat(layer);
        OnReload();
    }

    private static Dictionary<string, string?> Flat(ConfigurationLayer layer) =>
        layer.Values.ToDictionary(v => v.Key, v => v.Value.Value, StringComparer.OrdinalIgnoreCase);
}
