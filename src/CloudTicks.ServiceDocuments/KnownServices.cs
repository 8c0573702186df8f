using CloudTicks.CentralHub.Documents;
using CloudTicks.ServiceDocuments.Collector;
using CloudTicks.ServiceDocuments.Functions;

namespace CloudTicks.ServiceDocuments;

/// <summary>The built-in services that follow a document. Add new ones here; the central hub needs no change.</summary>
public static class KnownServices
{
    /// <summary>The documents of the built-in services.</summary>
    public static DocumentCatalog Documents { get; } = new([new CollectorDefinition(), new FunctionsDefinition()]);

    internal static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(KnownServices).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The embedded resource {name} is missing."));
        return reader.ReadToEnd();
    }
}
