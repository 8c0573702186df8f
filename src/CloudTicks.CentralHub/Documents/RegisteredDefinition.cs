using System.Text.Json;
using CloudTicks.CentralHub.Lists;

namespace CloudTicks.CentralHub.Documents;

/// <summary>The definition of a registered service: only its schema and its feature flags are checked.</summary>
public sealed class RegisteredDefinition(string service, string schema, string defaults) : IServiceDefinition
{
    /// <inheritdoc/>
    public string Service => service;

    /// <inheritdoc/>
    public string Schema => schema;

    /// <inheritdoc/>
    public string Defaults => defaults;

    /// <inheritdoc/>
    public bool RollsOutSymbols => false;

    /// <inheritdoc/>
    public void Check(JsonElement document, NamedLists lists, FaultList faults) =>
        new FeatureFlagCheck(document, lists: null, faults).Check();

    /// <inheritdoc/>
    public Task DescribeAsync(DocumentDifference difference, NamedLists lists, DateTimeOffset now, CancellationToken cancellationToken)
    {
        difference.AddValues();
        difference.AddFlags();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string?> ToSettings(JsonElement document) => new Dictionary<string, string?>();
}
