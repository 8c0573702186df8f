using System.Text.Json;
using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Lists;
using CloudTicks.CentralHub.Rollouts;
using Microsoft.FeatureManagement;

namespace CloudTicks.CentralHub.Documents;

/// <summary>The document of one service: what it may hold, what a change of it means, and which settings it stands for.</summary>
public sealed class ServiceDocument
{
    private const string Operational = "operational";

    /// <summary>When flags are tried: later than any time window, so that recurring ones are evaluated too.</summary>
    private static readonly DateTimeOffset FarAhead = new(2400, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly IServiceDefinition _definition;
    private readonly DocumentSchema _schema;

    /// <summary>Reads the schema.</summary>
    /// <exception cref="NotSupportedException">The schema has a keyword that is not checked.</exception>
    public ServiceDocument(IServiceDefinition definition)
    {
        (_definition, _schema) = (definition, new DocumentSchema(definition.Schema));
    }

    /// <summary>The service's name.</summary>
    public string Service => _definition.Service;

    /// <summary>Its JSON schema (draft 2020-12), as it is published.</summary>
    public string Schema => _definition.Schema;

    /// <summary>The names of its operational fields, in the order of the schema.</summary>
    public IReadOnlyList<string> OperationalFields => _schema.FieldsOf(Operational);

    /// <summary>Whether the document may have rollouts of symbols.</summary>
    public bool HasRollouts => _definition.RollsOutSymbols;

    /// <summary>Whether an operational field is a list, which people write with commas.</summary>
    /// <returns>False also when there is no such field.</returns>
    public bool IsList(string field) => _schema.IsArray(Operational, field);

    /// <summary>The document before anybody changed it.</summary>
    public JsonObject Defaults() => JsonNode.Parse(_definition.Defaults)!.AsObject();

    /// <summary>Finds everything that is wrong with a document, by itself.</summary>
    public Task<IReadOnlyList<DocumentFault>> CheckAsync(JsonObject document, NamedLists lists, CancellationToken cancellationToken) =>
        CheckAsync(document, [], lists, cancellationToken);

    /// <summary>Finds everything that is wrong with a document: by the schema, and by what its values mean.</summary>
    /// <param name="trusted">The document whose doubtful values are accepted: the one in force, so that a change of something else is
    /// not refused for them, or the document itself where the caller insists.</param>
    /// <returns>The faults, one a place; none when it may be stored.</returns>
    public async Task<IReadOnlyList<DocumentFault>> CheckAsync(
        JsonObject document, JsonObject trusted, NamedLists lists, CancellationToken cancellationToken)
    {
        // Patches within the bounds can make a document that is not.
        if (!DocumentText.TryRead(JsonSerializer.SerializeToUtf8Bytes(document), out var whole, out var fault))
        {
            return [fault];
        }

        var faults = new FaultList();
        var element = JsonSerializer.SerializeToElement(whole);
        SecretLook.Check(element, "", faults);
        _schema.Check(element, faults);
        _definition.Check(element, lists, faults);
        var known = new FaultList();
        _definition.Check(JsonSerializer.SerializeToElement(trusted), lists, known);
        faults.AddDoubts(known);
        if (faults.IsEmpty)
        {
            await TryFlagsAsync(whole, lists, faults, cancellationToken);
        }

        return faults.Faults;
    }

    /// <summary>Tells in plain terms what a change means: symbols that are subscribed and unsubscribed, limits that change.</summary>
    /// <param name="now">When it is asked, for flags with a time window.</param>
    /// <returns>A sentence or a name with two values each; none when nothing changes.</returns>
    public async Task<IReadOnlyList<string>> DifferenceAsync(
        JsonObject before, JsonObject after, NamedLists lists, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var difference = new DocumentDifference(before, after, OperationalFields);
        if (difference.IsNone)
        {
            return [];
        }

        await _definition.DescribeAsync(difference, lists, now, cancellationToken);
        return difference.Lines.Count > 0
            ? difference.Lines
            : ["The same is collected in the same way: only what is written changes, such as the order or the spelling of symbols."];
    }

    /// <summary>
    /// The settings of the service's process that a document stands for, <c>Collector:Symbols</c> and the like. Names that this program
    /// does not know are left out: a document that was once stored stays loadable.
    /// </summary>
    /// <returns>The settings. A list is one text with commas, so that it takes the place of a lower one whole; an empty text where a lower
    /// one must not hold.</returns>
    public IReadOnlyDictionary<string, string?> ToSettings(JsonObject document) =>
        _definition.ToSettings(JsonSerializer.SerializeToElement(document));

    /// <summary>What only the library of the feature flags itself finds.</summary>
    private async Task TryFlagsAsync(JsonObject document, NamedLists lists, FaultList faults, CancellationToken cancellationToken)
    {
        try
        {
            await (HasRollouts
                ? RolloutPlan.Read(document).EvaluateAsync(lists, FarAhead, cancellationToken)
                : FeatureFlags.OfUsers(document).TryAsync(FarAhead, cancellationToken));
        }
        catch (Exception exception) when (
            exception is FeatureManagementException or FormatException or ArgumentException or InvalidOperationException)
        {
            faults.Add("/feature_management/feature_flags", $"The library of the feature flags cannot use them: {exception.Message}");
        }
    }
}
