package depot
