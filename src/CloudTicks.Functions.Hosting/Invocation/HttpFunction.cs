using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions.Hosting.Invocation;

/// <summary>A function that a request over HTTP triggers.</summary>
/// <param name="Name">Its name in the app.</param>
/// <param name="Method">What is called.</param>
/// <param name="Trigger">Which requests it gets.</param>
internal sealed record HttpFunction(string Name, MethodInfo Method, HttpTriggerAttribute Trigger)
{
    /// <summary>The path behind the route prefix.</summary>
    public string Route => Trigger.Route ?? Name;
}
