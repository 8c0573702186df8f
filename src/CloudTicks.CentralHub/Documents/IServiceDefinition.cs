using System.Collections.ObjectModel;
using System.Text.Json;
using CloudTicks.CentralHub.Lists;

namespace CloudTicks.CentralHub.Documents;

/// <summary>A service's definition of its document.</summary>
public interface IServiceDefinition
{
    /// <summary>The service's name in <c>/api/v1/config/{service}</c>.</summary>
    public string Service { get; }

    /// <summary>The published JSON schema of the document (draft 2020-12).</summary>
    public string Schema { get; }

    /// <summary>The document before its first change, as JSON.</summary>
    public string Defaults { get; }

    /// <summary>Whether the feature flags of the document turn on symbols, through <c>operational.rollouts</c>.</summary>
    public bool RollsOutSymbols { get; }

    /// <summary>The names of the document's fields, keyed by the setting of the service's process.</summary>
    public IReadOnlyDictionary<string, string> FieldNames => ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Finds faults that the schema cannot express.</summary>
    /// <param name="document">The document, which may have schema faults.</param>
    public void Check(JsonElement document, NamedLists lists, FaultList faults);

    /// <summary>Describes the effect of a change.</summary>
    public Task DescribeAsync(DocumentDifference difference, NamedLists lists, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Converts a document to settings of the service's process, without fields unknown to this program.</summary>
    /// <returns>
    /// The settings. A list is one text with commas. An empty text hides the setting of a configuration source with lower priority.
    /// </returns>
    public IReadOnlyDictionary<string, string?> ToSettings(JsonElement document);
}
