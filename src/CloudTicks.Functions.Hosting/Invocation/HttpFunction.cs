using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions.Hosting.Invocation;

internal sealed record HttpFunction(string Name, MethodInfo Method, HttpTriggerAttribute Trigger)
{
    /// <summary>The path after the route prefix.</summary>
    public string Route => Trigger.Route ?? Name;
}
