using System.Text.Json;
using CloudTicks.CentralHub.Access;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Functions.Access;

/// <summary>The body of <c>POST /api/v1/keys</c>: <c>{"name":"research","role":"reader"}</c>.</summary>
internal sealed class CreateKeyRequest
{
    private const int MaxCharacters = 64;
    private const string NameHint = "It must have 1 to 64 letters, digits, '.', '_', '-' or '@', and must not be a reserved name.";

    /// <summary>Reserved names: in the history they identify callers that have no named key.</summary>
    private static readonly string[] ReservedNames = ["local", EnvironmentKeys.Writer, EnvironmentKeys.Reader, "guard", "defaults"];

    private readonly List<RequestFault> _faults = [];

    private CreateKeyRequest()
    {
    }

    public string Name { get; private set; } = "";

    public string Role { get; private set; } = "";

    public IReadOnlyList<RequestFault> Faults => _faults;

    public static CreateKeyRequest Read(ReadOnlyMemory<byte> body)
    {
        var change = new CreateKeyRequest();
        try
        {
            using var json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 4 });
            change.Read(json.RootElement);
        }
        catch (JsonException exception)
        {
            change.Refuse("", $"The body is not JSON: {exception.Message}");
        }

        return change;
    }

    private void Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            Refuse("", "The body is not a JSON object.");
            return;
        }

        foreach (var field in body.EnumerateObject().Where(field => field.Name is not ("name" or "role")))
        {
            // The message does not quote the field, which may contain anything.
            Refuse("", "The body has an unknown field; the fields are name and role.");
        }

        (Name, Role) = (Text(body, "name"), Text(body, "role"));
        if (Name.Length is 0 or > MaxCharacters
            || !Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '@')
            || ReservedNames.Contains(Name, StringComparer.OrdinalIgnoreCase) || AccessKey.IdOf(Name) is not null)
        {
            Refuse("/name", NameHint);
        }

        if (RoleNames.Parse(Role) is null)
        {
            Refuse("/role", RoleNames.Hint);
        }
    }

    private static string Text(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private void Refuse(string place, string detail) => _faults.Add(new RequestFault(place, detail));
}
