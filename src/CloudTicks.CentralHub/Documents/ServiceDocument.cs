using System.Text.Json;
using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Lists;
using CloudTicks.CentralHub.Rollouts;
using Microsoft.FeatureManagement;

namespace CloudTicks.CentralHub.Documents;

/// <summary>The document of a service: its validation, the description of changes, and its conversion to settings.</summary>
public sealed class ServiceDocument
{
    private const string Operational = "operational";

    /// <summary>The time for trial evaluations, so late that all recurring time windows have begun and are evaluated.</summary>
    private static readonly DateTimeOffset TrialTime = new(2400, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly IServiceDefinition _definition;
    private readonly DocumentSchema _schema;

    /// <summary>Parses the schema.</summary>
    /// <exception cref="NotSupportedException">The schema has an unsupported keyword or an invalid value.</exception>
    public ServiceDocument(IServiceDefinition definition)
    {
        (_definition, _schema) = (definition, new DocumentSchema(definition.Schema));
    }

    /// <summary>The service's name.</summary>
    public string Service => _definition.Service;

    /// <summary>The published JSON schema (draft 2020-12).</summary>
    public string Schema => _definition.Schema;

    /// <summary>The operational fields, in the order of the schema.</summary>
    public IReadOnlyList<string> OperationalFields => _schema.FieldsOf(Operational);

    /// <summary>Whether the document may have rollouts of symbols.</summary>
    public bool HasRollouts => _definition.RollsOutSymbols;

    /// <summary>Returns whether an operational field is a list, which the command line accepts with commas.</summary>
    /// <returns>False also when the field does not exist.</returns>
    public bool IsList(string field) => _schema.IsArray(Operational, field);

    /// <summary>Returns the document before its first change.</summary>
    public JsonObject Defaults() => JsonNode.Parse(_definition.Defaults)!.AsObject();

    /// <summary>Finds the faults of a document, without a trusted document.</summary>
    public Task<IReadOnlyList<DocumentFault>> CheckAsync(JsonObject document, NamedLists lists, CancellationToken cancellationToken) =>
        CheckAsync(document, [], lists, cancellationToken);

    /// <summary>Checks a document against the schema and the service's own rules.</summary>
    /// <param name="trusted">
    /// The document whose doubtful values are accepted: the document in force, so that unrelated changes are not refused, or the new
    /// document itself if the caller forces the change.
    /// </param>
    /// <returns>The faults, at most one per location; empty when the document may be stored.</returns>
    public async Task<IReadOnlyList<DocumentFault>> CheckAsync(
        JsonObject document, JsonObject trusted, NamedLists lists, CancellationToken cancellationToken)
    {
        // Patches within the limits can produce a document that exceeds them.
        if (!DocumentText.TryRead(JsonSerializer.SerializeToUtf8Bytes(document), out var parsedDocument, out var fault))
        {
            return [fault];
        }

        var faults = new FaultList();
        var element = JsonSerializer.SerializeToElement(parsedDocument);
        SecretDetector.Check(element, "", faults);
        _schema.Check(element, faults);
        _definition.Check(element, lists, faults);
        var trustedFaults = new FaultList();
        _definition.Check(JsonSerializer.SerializeToElement(trusted), lists, trustedFaults);
        faults.AddDoubts(trustedFaults);
        if (faults.IsEmpty)
        {
            await CheckFlagsAsync(parsedDocument, lists, faults, cancellationToken);
        }

        return faults.Faults;
    }

    /// <summary>Describes the effect of a change: symbols subscribed and unsubscribed, changed limits.</summary>
    /// <param name="now">The current time, for flags with a time window.</param>
    /// <returns>Sentences, or names with the old and new value; empty when nothing changes.</returns>
    public async Task<IReadOnlyList<string>> DifferenceAsync(
        JsonObject before, JsonObject after, NamedLists lists, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var difference = new DocumentDifference(before, after, OperationalFields);
        if (difference.IsEmpty)
        {
            return [];
        }

        await _definition.DescribeAsync(difference, lists, now, cancellationToken);
        return difference.Lines.Count > 0
            ? difference.Lines
            : ["The effect is the same: only the text changes, such as the order or spelling of symbols."];
    }

    /// <summary>
    /// Converts a document to settings of the service's process, such as <c>Collector:Symbols</c>. Unknown fields are skipped, so that
    /// every stored document stays loadable.
    /// </summary>
    /// <returns>
    /// The settings. A list is one text with commas, so that it replaces the whole list of a configuration source with lower
    /// priority. An empty text hides the setting of that source.
    /// </returns>
    public IReadOnlyDictionary<string, string?> ToSettings(JsonObject document) =>
        _definition.ToSettings(JsonSerializer.SerializeToElement(document));

    /// <summary>Finds faults that only the feature flag library detects.</summary>
    private async Task CheckFlagsAsync(JsonObject document, NamedLists lists, FaultList faults, CancellationToken cancellationToken)
    {
        try
        {
            await (HasRollouts
                ? RolloutPlan.Read(document).EvaluateAsync(lists, TrialTime, cancellationToken)
                : FeatureFlags.ReadForUsers(document).EvaluateAllAsync(TrialTime, cancellationToken));
        }
        catch (Exception exception) when (
            exception is FeatureManagementException or FormatException or ArgumentException or InvalidOperationException)
        {
            faults.Add("/feature_management/feature_flags", $"The feature flag library cannot evaluate the flags: {exception.Message}");
        }
    }
}
