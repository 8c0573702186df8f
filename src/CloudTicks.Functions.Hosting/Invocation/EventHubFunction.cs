using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions.Hosting.Invocation;

/// <summary>A function that an event hub triggers.</summary>
/// <param name="Name">Its name in the app.</param>
/// <param name="Method">What is called.</param>
/// <param name="Trigger">Which events it gets.</param>
/// <param name="Retry">How it is called again after a failure, or null.</param>
internal sealed record EventHubFunction(string Name, MethodInfo Method, EventHubTriggerAttribute Trigger, RetryAttribute? Retry);
