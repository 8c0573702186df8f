using System.Reflection;
using Azure.Messaging.EventHubs;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions.Hosting.Invocation;

/// <summary>Finds the functions of an app.</summary>
internal static class FunctionCatalog
{
    private const BindingFlags Methods =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <exception cref="InvalidOperationException">A function cannot be served; the message names it and says why.</exception>
    public static IReadOnlyList<EventHubFunction> Find(IEnumerable<Type> types)
    {
        var functions = new List<EventHubFunction>();
        foreach (var method in types.SelectMany(type => type.GetMethods(Methods)))
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is { } attribute)
            {
                functions.Add(Describe(attribute.Name, method));
            }
        }

        return functions.GroupBy(function => function.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw new InvalidOperationException($"Two functions are named '{twice.Key}': give one of them another name.")
            : functions;
    }

    private static EventHubFunction Describe(string name, MethodInfo method)
    {
        EventHubTriggerAttribute? trigger = null;
        foreach (var parameter in method.GetParameters())
        {
            if (parameter.GetCustomAttribute<EventHubTriggerAttribute>() is { } found)
            {
                if (parameter.ParameterType != typeof(EventData[]) || !found.IsBatched)
                {
                    throw Wrong(name, method, $"its event hub parameter '{parameter.Name}' must be a batch, an EventData[]");
                }

                trigger = trigger is null ? found : throw Wrong(name, method, "it has two triggers");
            }
            else if (parameter.ParameterType != typeof(FunctionContext) && parameter.ParameterType != typeof(CancellationToken))
            {
                throw Wrong(name, method, $"its parameter '{parameter.Name}' is neither a trigger, a FunctionContext nor a CancellationToken");
            }
        }

        return method.ReturnType != typeof(Task)
            ? throw Wrong(name, method, "it does not return Task")
            : new EventHubFunction(
                name, method, trigger ?? throw Wrong(name, method, "no parameter has a trigger"), method.GetCustomAttribute<RetryAttribute>());
    }

    private static InvalidOperationException Wrong(string name, MethodInfo method, string why) =>
        new($"Function '{name}' ({method.DeclaringType?.FullName}.{method.Name}) cannot be served: {why}.");
}
