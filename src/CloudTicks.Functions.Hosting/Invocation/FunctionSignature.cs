using System.Reflection;
using Azure.Messaging.EventHubs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions.Hosting.Invocation;

/// <summary>Rejects methods that this host cannot run as functions; the exception states the method and the reason.</summary>
internal sealed class FunctionSignature(string name, MethodInfo method)
{
    /// <summary>Returns the method's only trigger.</summary>
    /// <exception cref="InvalidOperationException">There is none, or more than one.</exception>
    public Attribute Trigger()
    {
        var triggers = method.GetParameters().Select(TriggerOf).OfType<Attribute>().ToList();
        return triggers.Count == 1
            ? triggers[0]
            : throw Unsupported(triggers.Count == 0 ? "no parameter has a trigger" : "it has more than one trigger");
    }

    /// <exception cref="InvalidOperationException">The method cannot have an event hub trigger.</exception>
    public void CheckEventHub(EventHubTriggerAttribute trigger)
    {
        CheckParameters(
            parameter => parameter.ParameterType == typeof(EventData[]) && trigger.IsBatched, "a batch, an EventData[]", _ => false);
        CheckReturns(typeof(Task));
    }

    /// <exception cref="InvalidOperationException">The method cannot have a timer trigger.</exception>
    public void CheckTimer()
    {
        CheckParameters(parameter => parameter.ParameterType == typeof(TimerInfo), "a TimerInfo", _ => false);
        CheckReturns(typeof(Task));
        CheckNoRetry();
    }

    /// <exception cref="InvalidOperationException">The method cannot have an HTTP trigger.</exception>
    public void CheckHttp(HttpTriggerAttribute trigger)
    {
        if (trigger.AuthLevel != AuthorizationLevel.Anonymous)
        {
            throw Unsupported(
                $"it requires the authorization level {trigger.AuthLevel}, and this host has no keys: make it Anonymous, and check the "
                    + $"caller in the function");
        }

        var route = ParseRoute(trigger.Route ?? name);
        CheckParameters(
            parameter => parameter.ParameterType == typeof(HttpRequest),
            "an HttpRequest",
            parameter => parameter.ParameterType == typeof(string) && route.GetParameter(parameter.Name!) is not null);
        CheckReturns(typeof(Task<IActionResult>), typeof(IActionResult));
        CheckNoRetry();
    }

    private RoutePattern ParseRoute(string route)
    {
        try
        {
            return RoutePatternFactory.Parse(route);
        }
        catch (RoutePatternException exception)
        {
            throw Unsupported($"its route '{route}' cannot be read ({exception.Message})");
        }
    }

    private void CheckParameters(Func<ParameterInfo, bool> isTrigger, string expected, Func<ParameterInfo, bool> isBound)
    {
        foreach (var parameter in method.GetParameters())
        {
            if (TriggerOf(parameter) is not null)
            {
                if (!isTrigger(parameter))
                {
                    throw Unsupported($"its trigger's parameter '{parameter.Name}' must be {expected}");
                }
            }
            else if (parameter.ParameterType != typeof(FunctionContext) && parameter.ParameterType != typeof(CancellationToken)
                && !isBound(parameter))
            {
                throw Unsupported(
                    $"its parameter '{parameter.Name}' is neither a trigger, a FunctionContext nor a CancellationToken, nor a string "
                        + $"that the route names");
            }
        }
    }

    private void CheckReturns(params Type[] types)
    {
        if (!types.Contains(method.ReturnType))
        {
            throw Unsupported(
                types[0] == typeof(Task) ? "it does not return Task" : "it returns neither Task<IActionResult> nor IActionResult");
        }
    }

    private void CheckNoRetry()
    {
        if (method.GetCustomAttribute<RetryAttribute>() is not null)
        {
            throw Unsupported("it has a retry attribute, and this host retries only functions that an event hub triggers");
        }
    }

    private static Attribute? TriggerOf(ParameterInfo parameter) => parameter.GetCustomAttributes().FirstOrDefault(attribute =>
        attribute is EventHubTriggerAttribute or TimerTriggerAttribute or HttpTriggerAttribute);

    private InvalidOperationException Unsupported(string why) =>
        new($"Function '{name}' ({method.DeclaringType?.FullName}.{method.Name}) cannot be served: {why}.");
}
