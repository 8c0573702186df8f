using System.Globalization;
using System.Text.Json.Nodes;
using CloudTicks.Simulator.Faults;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace CloudTicks.Simulator.FaultRequests;

/// <summary>
/// Reads a script: a YAML or JSON list of faults in the form of the HTTP requests, each with a time <c>at</c>. <c>clear: true</c> clears
/// all faults.
/// </summary>
internal static class FaultScript
{
    private const string At = "at";
    private const string Clear = "clear";

    /// <returns>The steps, ordered by time.</returns>
    /// <exception cref="StartException">The file is invalid; the message names file and line.</exception>
    public static IReadOnlyList<ScriptStep> Read(string path)
    {
        try
        {
            var yaml = new YamlStream();
            using (var text = File.OpenText(path))
                yaml.Load(text);
            if (yaml.Documents is not [{ RootNode: YamlSequenceNode list }])
                throw new StartException($"{path} is not a script: it must be a list of faults, each with 'at'.");
            return [.. list.Children.Select(node => ReadStep(path, node)).OrderBy(step => step.At)];
        }
        catch (YamlException exception)
        {
            throw new StartException($"{path}, line {exception.Start.Line}: {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The script {path} cannot be read: {exception.Message}");
        }
    }

    private static ScriptStep ReadStep(string path, YamlNode node)
    {
        if (ToJson(node) is not JsonObject request)
            throw Wrong("a step must be a fault with 'at', such as {at: 00:00:05, fault: drop}");
        var at = FaultParameter.ParseDuration(FaultParameter.TextOf(request[At]) ?? "")
            ?? throw Wrong(
                $"'at' must be a time such as 00:00:05, or seconds, at most {FaultParameter.MaxDays} days, not "
                    + $"{request[At]?.ToJsonString() ?? "nothing"}");
        request.Remove(At);
        if (request.Count == 1 && FaultParameter.TextOf(request[Clear]) == "true")
            return new ScriptStep(at, null);
        try
        {
            return new ScriptStep(at, FaultReader.Read(request));
        }
        catch (FaultRequestException exception)
        {
            throw Wrong(exception.Message.TrimEnd('.'));
        }

        StartException Wrong(string problem) => new($"{path}, line {node.Start.Line}: {problem}.");
    }

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(pair => KeyValuePair.Create(pair.Key.ToString(), ToJson(pair.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(ToJson)]),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar when long.TryParse(
            scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        YamlScalarNode scalar => scalar.Value,
        _ => null,
    };
}
