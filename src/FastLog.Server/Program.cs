Console.WriteLine("fastlog");
