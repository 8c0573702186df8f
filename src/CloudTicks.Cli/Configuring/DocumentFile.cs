using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CloudTicks.Cli.Hub;

namespace CloudTicks.Cli.Configuring;

/// <summary>Reads documents from files; comments and trailing commas are allowed.</summary>
internal static class DocumentFile
{
    private static readonly JsonDocumentOptions Lenient =
        new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <summary>Reads the document in a file.</summary>
    /// <exception cref="HubProblemException">The file cannot be read, or is not a document.</exception>
    public static async Task<JsonObject> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return Parse(await File.ReadAllTextAsync(path, cancellationToken), out var fault)
                ?? throw new HubProblemException(ExitCodes.Refused, $"{path}: {fault}", null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new HubProblemException(ExitCodes.Incomplete, $"{path} cannot be read: {exception.Message}", null);
        }
    }

    /// <summary>Parses a document.</summary>
    /// <returns>The document; null, with the fault, when the text is not a document.</returns>
    public static JsonObject? Parse(string text, out string fault)
    {
        try
        {
            fault = "The text is not a JSON object: a document begins with '{'.";
            return JsonNode.Parse(text, null, Lenient) as JsonObject;
        }
        catch (JsonException exception)
        {
            fault = string.Create(
                CultureInfo.InvariantCulture,
                $"The text is not valid JSON, line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}: "
                    + $"{exception.Message}");
            return null;
        }
    }
}
