using System.Text;
using System.Text.Json.Nodes;
using CloudTicks.Ticks;
using Microsoft.Extensions.Configuration;
using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.FeatureFilters;

namespace CloudTicks.CentralHub.Rollouts;

/// <summary>The feature flags of one document, in a configuration separate from that of the process.</summary>
internal sealed class FeatureFlags
{
    private readonly IReadOnlyList<JsonObject> _flags;
    private readonly IConfigurationRoot _configuration;

    /// <exception cref="FormatException">The flags cannot be read.</exception>
    public FeatureFlags(IReadOnlyList<JsonObject> flags)
    {
        _flags = flags;
        var section = new JsonObject { ["feature_management"] = new JsonObject { ["feature_flags"] = new JsonArray([.. flags]) } };
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(section.ToJsonString()));
        _configuration = new ConfigurationBuilder().AddJsonStream(stream).Build();
    }

    /// <summary>Reads the section <c>feature_management</c>. Throws FormatException or InvalidOperationException.</summary>
    public static FeatureFlags Read(JsonNode? section)
    {
        var flags =
            (section?["feature_flags"] as JsonArray ?? []).OfType<JsonObject>().Select(flag => (JsonObject)flag.DeepClone()).ToArray();
        foreach (var parameters in flags.SelectMany(FlagJson.Filters).Select(filter => filter["parameters"]).OfType<JsonObject>())
        {
            NormaliseUsers(parameters);
        }

        return new FeatureFlags(flags);
    }

    /// <summary>Reads the flags of a document whose users are not symbols.</summary>
    /// <exception cref="FormatException">The flags cannot be read.</exception>
    public static FeatureFlags ReadForUsers(JsonObject document)
    {
        var flags = (document["feature_management"] as JsonObject)?["feature_flags"];
        return flags is null ? new FeatureFlags([])
            : flags is JsonArray all && all.All(flag => flag is JsonObject json && FlagJson.HasId(json))
            ? new FeatureFlags([.. all.Select(flag => flag!.DeepClone().AsObject())])
            : throw new FormatException("The feature flags must be a list of objects, each with an id that is a string.");
    }

    /// <summary>Evaluates each flag once, because only the library can tell whether a flag can be evaluated.</summary>
    /// <exception cref="FormatException">A flag cannot be evaluated; the message names the flag.</exception>
    public async Task EvaluateAllAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var evaluation = At(now);
        foreach (var flag in _flags)
        {
            await evaluation.IsOnAsync((string)flag["id"]!, new TargetingContext { UserId = "", Groups = [] }, cancellationToken);
        }
    }

    public bool IsEnabled(string flag) => Find(flag) is { } json && FlagJson.IsEnabled(json);

    /// <summary>Returns the percentage of the flag's targeting or percentage filter; null if the flag has neither.</summary>
    public double? Percentage(string flag) => Find(flag) is { } json ? FlagJson.Percentage(json) : null;

    public bool HasFilter(string flag, string name) =>
        Find(flag) is { } json && FlagJson.Filters(json).Any(filter => SymbolFilters.IsSame((string?)filter["name"], name));

    public FlagsAtTime At(DateTimeOffset now) => new(new ConfigurationFeatureDefinitionProvider(_configuration), now);

    private JsonObject? Find(string flag) => FlagJson.Find(_flags, flag);

    /// <summary>Normalises the users, which are symbols and may be written as <c>EUR/USD</c>.</summary>
    private static void NormaliseUsers(JsonObject parameters)
    {
        foreach (var (_, audience) in parameters.Where(parameter => Is(parameter.Key, "Audience")))
        {
            Normalise(audience as JsonObject);
            foreach (var (_, exclusion) in (audience as JsonObject ?? []).Where(part => Is(part.Key, "Exclusion")))
            {
                Normalise(exclusion as JsonObject);
            }
        }

        static void Normalise(JsonObject? audience)
        {
            foreach (var users in (audience ?? []).Where(part => Is(part.Key, "Users")).Select(part => part.Value).OfType<JsonArray>())
            {
                for (var index = 0; index < users.Count; index++)
                {
                    if (users[index] is JsonValue value && value.TryGetValue(out string? text) && Symbol.TryParse(text, out var symbol))
                    {
                        users[index] = symbol.Name;
                    }
                }
            }
        }
    }

    private static bool Is(string name, string wanted) => string.Equals(name, wanted, StringComparison.OrdinalIgnoreCase);
}
