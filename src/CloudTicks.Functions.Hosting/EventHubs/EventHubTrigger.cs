using System.Text.RegularExpressions;
using CloudTicks.EventStream;
using CloudTicks.Functions.Hosting.Invocation;
using Microsoft.Extensions.Configuration;

namespace CloudTicks.Functions.Hosting.EventHubs;

internal sealed partial record EventHubTrigger(
    EventHubFunction Function, string Topic, string ConsumerGroup, EventStreamConnection Connection)
{
    private const string DefaultConsumerGroup = "$Default";

    /// <exception cref="InvalidOperationException">A setting is missing or wrong; the message names it.</exception>
    public static EventHubTrigger Resolve(EventHubFunction function, IConfiguration settings)
    {
        var trigger = function.Trigger;
        return new EventHubTrigger(
            function,
            Replace(function, trigger.EventHubName, settings),
            Replace(function, trigger.ConsumerGroup ?? DefaultConsumerGroup, settings),
            Connect(function, settings));
    }

    private static EventStreamConnection Connect(EventHubFunction function, IConfiguration settings)
    {
        var name = function.Trigger.Connection;
        if (string.IsNullOrEmpty(name))
        {
            throw new InvalidOperationException($"Function '{function.Name}' names no Connection in its event hub trigger.");
        }

        if (EventStreamServiceCollectionExtensions.ConnectionStringOf(settings, name) is not { } text)
        {
            throw new InvalidOperationException(
                $"Function '{function.Name}' needs the connection string '{name}': set ConnectionStrings__{name} to host:port of a Kafka " +
                "broker, or to the connection string of an Event Hubs namespace.");
        }

        try
        {
            return EventStreamConnection.Parse(text);
        }
        catch (FormatException wrong)
        {
            throw new InvalidOperationException($"Function '{function.Name}', connection string '{name}': {wrong.Message}", wrong);
        }
    }

    private static string Replace(EventHubFunction function, string text, IConfiguration settings) => SettingInText().Replace(
        text,
        match => settings[match.Groups[1].Value] ?? throw new InvalidOperationException(
            $"Function '{function.Name}' names the setting {match.Value} in its trigger, but this setting has no value."));

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex SettingInText();
}
