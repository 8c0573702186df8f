using CloudTicks.CentralHub.Documents;
using CloudTicks.ServiceDocuments.Collector;
using CloudTicks.ServiceDocuments.Functions;

namespace CloudTicks.ServiceDocuments;

/// <summary>The services of CloudTicks that follow a document. A new one is added here; the central hub needs no change.</summary>
public static class KnownServices
{
    /// <summary>Their documents.</summary>
    public static DocumentCatalog Documents { get; } = new([new CollectorDefinition(), new FunctionsDefinition()]);

    internal static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(KnownServices).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The program lacks its resource {name}."));
        return reader.ReadToEnd();
    }
}
