using System.Text.Json;
using System.Text.Json.Serialization;

namespace CloudTicks.Cli.Backfilling;

/// <summary>What is asked of the collector.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="From">First Unix ms.</param>
/// <param name="To">The Unix ms behind the last.</param>
/// <param name="Kind"><c>quote</c> or <c>trade</c>; both when it is null.</param>
internal sealed record BackfillWish(string Symbol, long From, long To, string? Kind)
{
    private static readonly JsonSerializerOptions Plain =
        new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>The body of the request.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Plain);
}
