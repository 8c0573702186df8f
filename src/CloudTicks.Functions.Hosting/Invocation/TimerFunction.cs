using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions.Hosting.Invocation;

/// <summary>A function that a timer triggers.</summary>
/// <param name="Name">Its name in the app.</param>
/// <param name="Method">What is called.</param>
/// <param name="Trigger">When it is called.</param>
internal sealed record TimerFunction(string Name, MethodInfo Method, TimerTriggerAttribute Trigger);
