global using EventHub = CloudTicks.Functions.Hosting.Tests.MockCluster;
