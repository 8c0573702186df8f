using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;

namespace CloudTicks.CentralHub.Client;

/// <summary>
/// The document's settings, which override files and environment. During <see cref="Try"/>, the calling thread sees the tried settings.
/// </summary>
internal sealed class HubSettings : ConfigurationProvider, IConfigurationSource, IDisposable
{
    private readonly ThreadLocal<MemoryConfigurationProvider?> _trial = new();
    private volatile MemoryConfigurationProvider _inForce = Of(new Dictionary<string, string?>());
    private Dictionary<string, string?> _values = [];

    private MemoryConfigurationProvider Current => _trial.Value ?? _inForce;

    /// <summary>The version of the document in force; 0 if there is none.</summary>
    public int Version { get; set; }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public override bool TryGet(string key, out string? value) => Current.TryGet(key, out value);

    public override IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath) =>
        Current.GetChildKeys(earlierKeys, parentPath);

    /// <summary>Evaluates the configuration on the calling thread as if other settings were in force.</summary>
    public T Try<T>(IReadOnlyDictionary<string, string?> settings, Func<T> evaluate)
    {
        _trial.Value = Of(settings);
        try
        {
            return evaluate();
        }
        finally
        {
            _trial.Value = null;
        }
    }

    /// <summary>Applies settings. Notifies the listeners of the configuration if a setting has changed.</summary>
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

    public void Dispose() => _trial.Dispose();

    private static MemoryConfigurationProvider Of(IReadOnlyDictionary<string, string?> settings) =>
        new(new MemoryConfigurationSource { InitialData = settings });
}
