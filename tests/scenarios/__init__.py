"""Months go by through public doors."""
