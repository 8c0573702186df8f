using System.Text.Json;
using CloudTicks.CentralHub.Documents;
using CloudTicks.CentralHub.Lists;

namespace CloudTicks.ServiceDocuments.Functions;

/// <summary>The document of the functions: how they store ticks.</summary>
public sealed class FunctionsDefinition : IServiceDefinition
{
    private static readonly SettingField[] Fields =
    [
        SettingField.Days("retention_days", "Timescale:RetentionWindow"),
        SettingField.Flag("refuse_crossed_currencies", "DbCommand:RefuseCrossedCurrencies"),
    ];

    /// <inheritdoc/>
    public string Service => ServiceNames.Functions;

    /// <inheritdoc/>
    public string Schema { get; } = KnownServices.Resource($"{ServiceNames.Functions}.schema.json");

    /// <inheritdoc/>
    public string Defaults { get; } = KnownServices.Resource($"{ServiceNames.Functions}.defaults.json");

    /// <inheritdoc/>
    public bool RollsOutSymbols => false;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> FieldNames { get; } = SettingField.Names(Fields);

    /// <inheritdoc/>
    public void Check(JsonElement document, NamedLists lists, FaultList faults)
    {
        // The schema checks everything.
    }

    /// <inheritdoc/>
    public Task DescribeAsync(DocumentDifference difference, NamedLists lists, DateTimeOffset now, CancellationToken cancellationToken)
    {
        difference.AddFields();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string?> ToSettings(JsonElement document) => SettingField.Read(document, Fields);
}
