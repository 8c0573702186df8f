using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CloudTicks.Lake.Manifests;

/// <summary>
/// JSON with the SHA-256 of its content: <c>{"sha256":"…","content":{…}}</c>, computed over the exact bytes of the content.
/// </summary>
internal static class ChecksummedJson
{
    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static byte[] Write<T>(T content)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(content, SnakeCase);
        return [.. Encoding.ASCII.GetBytes($$"""{"sha256":"{{Convert.ToHexStringLower(SHA256.HashData(body))}}","content":"""), .. body,
            (byte)'}', (byte)'\n'];
    }

    /// <summary>Reads the content; returns null if the JSON is damaged.</summary>
    /// <exception cref="LakeException">A later version of this program wrote the JSON.</exception>
    public static T? TryRead<T>(string name, ReadOnlyMemory<byte> bytes, int knownFormat)
        where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var content = document.RootElement.GetProperty("content");
            var body = Encoding.UTF8.GetBytes(content.GetRawText());
            if (document.RootElement.GetProperty("sha256").GetString() != Convert.ToHexStringLower(SHA256.HashData(body)))
            {
                return null;
            }

            var format = content.GetProperty("format").GetInt32();
            return format <= knownFormat ? JsonSerializer.Deserialize<T>(body, SnakeCase) : throw new LakeException(
                $"{name} has format {format}; this program supports {knownFormat}. A later version of CloudTicks wrote it: "
                + "update this program.");
        }
        catch (Exception damaged) when (
            damaged is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
