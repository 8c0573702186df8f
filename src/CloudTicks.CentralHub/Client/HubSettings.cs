using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;

namespace CloudTicks.CentralHub.Client;

/// <summary>The document's settings, above files and environment. The thread that tries others sees them before all others.</summary>
internal sealed class HubSettings : ConfigurationProvider, IConfigurationSource, IDisposable
{
    private readonly ThreadLocal<MemoryConfigurationProvider?> _tried = new();
    private volatile MemoryConfigurationProvider _inForce = Of(new Dictionary<string, string?>());
    private Dictionary<string, string?> _values = [];

    private MemoryConfigurationProvider Seen => _tried.Value ?? _inForce;

    /// <summary>The version of the document in force; 0 when nothing of it is.</summary>
    public int Version { get; set; }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public override bool TryGet(string key, out string? value) => Seen.TryGet(key, out value);

    public override IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath) =>
        Seen.GetChildKeys(earlierKeys, parentPath);

    /// <summary>Evaluates the configuration, on the calling thread, as if other settings were in force.</summary>
    public T Try<T>(IReadOnlyDictionary<string, string?> settings, Func<T> look)
    {
        _tried.Value = Of(settings);
        try
        {
            return look();
        }
        finally
        {
            _tried.Value = null;
        }
    }

    /// <summary>Brings settings into force, and tells whoever follows the configuration unless they are the same as before.</summary>
    public void Apply(IReadOnlyDictionary<string, string?> settings)
    {
        if (settings.Count == _values.Count
            && settings.All(setting => _values.TryGetValue(setting.Key, out var value) && value == setting.Value))
        {
            return;
        }

        _values = new(settings, StringComparer.OrdinalIgnoreCase);
        _inForce = Of(_values);
        OnReload();
    }

    public override string ToString() => Version > 0 ? $"central hub, version {Version}" : "central hub";

    public void Dispose() => _tried.Dispose();

    private static MemoryConfigurationProvider Of(IReadOnlyDictionary<string, string?> settings) =>
        new(new MemoryConfigurationSource { InitialData = settings });
}
