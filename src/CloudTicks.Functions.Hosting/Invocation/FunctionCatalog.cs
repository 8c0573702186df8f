using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions.Hosting.Invocation;

internal sealed record FunctionCatalog(
    IReadOnlyList<EventHubFunction> EventHubs, IReadOnlyList<TimerFunction> Timers, IReadOnlyList<HttpFunction> Http)
{
    private const BindingFlags Methods =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <exception cref="InvalidOperationException">A function is not supported; the message states its name and the reason.</exception>
    public static FunctionCatalog Find(IEnumerable<Type> types)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var (eventHubs, timers, http) = (new List<EventHubFunction>(), new List<TimerFunction>(), new List<HttpFunction>());
        foreach (var method in types.SelectMany(type => type.GetMethods(Methods)))
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is not { Name: var name })
            {
                continue;
            }

            if (!names.Add(name))
            {
                throw new InvalidOperationException($"Two functions are named '{name}': give one of them another name.");
            }

            var signature = new FunctionSignature(name, method);
            switch (signature.Trigger())
            {
                case EventHubTriggerAttribute trigger:
                    signature.CheckEventHub(trigger);
                    eventHubs.Add(new EventHubFunction(name, method, trigger, method.GetCustomAttribute<RetryAttribute>()));
                    break;
                case TimerTriggerAttribute trigger:
                    signature.CheckTimer();
                    timers.Add(new TimerFunction(name, method, trigger));
                    break;
                case HttpTriggerAttribute trigger:
                    signature.CheckHttp(trigger);
                    http.Add(new HttpFunction(name, method, trigger));
                    break;
            }
        }

        return new FunctionCatalog(eventHubs, timers, http);
    }
}
