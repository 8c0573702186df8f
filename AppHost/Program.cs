Console.WriteLine("CloudTicks");
