using System.Text.Json;
using System.Text.Json.Serialization;
using CloudTicks.CentralHub.Store.Access;

namespace CloudTicks.Functions.Access;

/// <param name="CreatedMs">Unix ms, UTC.</param>
/// <param name="RevokedMs">Unix ms, UTC; null while the key is valid.</param>
/// <param name="Key">The key itself, only in the response to its creation; otherwise null.</param>
internal sealed record KeyResponse(
    string Id, string Name, string Role, long CreatedMs, string CreatedBy, long? RevokedMs, string? RevokedBy, string? Key = null)
{
    /// <summary>Uses snake_case names and omits null values.</summary>
    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static KeyResponse Of(AccessKeyRow row) =>
        new(row.Id, row.Name, row.Role, row.CreatedMs, row.CreatedBy, row.RevokedMs, row.RevokedBy);
}
