using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions.Hosting.Invocation;

/// <summary>A function that an event hub triggers.</summary>
/// <param name="Retry">How it is called again after a failure, or null.</param>
internal sealed record EventHubFunction(string Name, MethodInfo Method, EventHubTriggerAttribute Trigger, RetryAttribute? Retry);
