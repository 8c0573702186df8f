using System.Collections.ObjectModel;
using System.Text.Json;
using CloudTicks.CentralHub.Lists;

namespace CloudTicks.CentralHub.Documents;

/// <summary>What a service declares of the document that it follows.</summary>
public interface IServiceDefinition
{
    /// <summary>The service's name, as it stands in <c>/api/v1/config/{service}</c>.</summary>
    public string Service { get; }

    /// <summary>The JSON schema of the document (draft 2020-12), as it is published.</summary>
    public string Schema { get; }

    /// <summary>The document before its first change, JSON.</summary>
    public string Defaults { get; }

    /// <summary>Whether its feature flags turn on symbols, by <c>operational.rollouts</c>.</summary>
    public bool RollsOutSymbols { get; }

    /// <summary>By setting of the service's process, the field of the document that stands for it.</summary>
    public IReadOnlyDictionary<string, string> FieldNames => ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Finds what the schema cannot say.</summary>
    /// <param name="document">The document, which may also have faults that the schema has found.</param>
    public void Check(JsonElement document, NamedLists lists, FaultList faults);

    /// <summary>Describes a change in plain terms.</summary>
    public Task DescribeAsync(DocumentDifference difference, NamedLists lists, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The settings of the service's process that a document stands for, without fields unknown to this program.</summary>
    /// <returns>The settings. A list is one text with commas; an empty text hides the setting of a lower layer.</returns>
    public IReadOnlyDictionary<string, string?> ToSettings(JsonElement document);
}
